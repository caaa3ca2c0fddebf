-- Credentials of sources, sealed: the values under a key of their own, that key under the master key outside the database.
-- A row counts from the event with its id; what has no event was never set, and what has run out is erased.
create table ledger.credentials (
    id            uuid        not null,
    tenant_id     varchar     not null,
    source_id     varchar     not null,
    grace_seconds integer     not null check (grace_seconds >= 0),
    master_key_id text        not null,
    sealed_key    bytea       not null,
    sealed_values bytea       not null,
    created_at    timestamptz not null,
    constraint credentials_pkey primary key (id)
);
