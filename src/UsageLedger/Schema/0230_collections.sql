-- Runs as their events tell them.
create table read.collections (
    tenant_id    varchar     not null,
    run_id       uuid        not null,
    source_id    text        not null,
    from_at      timestamptz not null,
    to_at        timestamptz not null,
    status       text        not null,
    pages        bigint      not null,
    records      bigint      not null,
    accepted     bigint      not null,
    duplicates   bigint      not null,
    revised      bigint      not null,
    rejected     bigint      not null,
    requested_at timestamptz not null,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    error        text,
    constraint collections_key primary key (tenant_id, run_id)
);
