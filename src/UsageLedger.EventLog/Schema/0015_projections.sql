-- The place of each projection, committed together with its read model.
create table ledger.projections (
    name            text        not null,
    position        bigint      not null default 0,
    state           text        not null default 'running' check (state in ('running', 'stopped')),
    failed_position bigint,
    error           text,
    updated_at      timestamptz not null default now(),
    constraint projections_pkey primary key (name)
) with (fillfactor = 50);
