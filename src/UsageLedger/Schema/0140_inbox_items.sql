-- Work that must not be lost: webhooks as they came, runs to be made, vendor records to be asked for. Bodies are sealed
-- under the master key; that of a webhook is gone when the item is done.
create table ledger.inbox_items (
    id              uuid        not null,
    tenant          text        not null,
    kind            text        not null check (kind in ('webhook', 'collect', 'fetch')),
    is_run          boolean     not null generated always as (kind = 'collect') stored,
    source          text        not null,
    key             text        not null,
    status          text        not null check (status in ('queued', 'running', 'failed', 'dead', 'quarantined', 'done')),
    attempts        integer     not null default 0,
    next_attempt_at timestamptz not null,
    lease_owner     uuid,
    lease_until     timestamptz,
    reason          text,
    body            bytea,
    received_at     timestamptz not null,
    ended_at        timestamptz,
    correlation_id  text        not null,
    constraint inbox_items_pkey primary key (id),
    constraint inbox_items_key unique (tenant, source, kind, key),
    constraint inbox_items_lease check ((status = 'running') = (lease_until is not null))
);
