-- Answers to POSTs that named an Idempotency-Key, so that the same question has the same answer. No status: it is being worked on.
create table ledger.idempotency_keys (
    tenant       text        not null,
    route        text        not null,
    key          text        not null,
    fingerprint  bytea       not null,
    claim        uuid        not null,
    leased_until timestamptz not null,
    created_at   timestamptz not null default now(),
    status       integer,
    headers      text[],
    body         bytea,
    constraint idempotency_keys_pkey primary key (tenant, route, key)
);
