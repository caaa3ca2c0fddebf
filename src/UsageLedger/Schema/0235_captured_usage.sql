-- What the ledger was told item by item, by the vendor's key, model and metric of each UTC day: what the vendor's own totals are held
-- against. Usage that was voided stays in it, for the vendor told it. A row with a remainder is the one record of that idempotency key.
-- line is the hash of the names of a row: together they may be longer than a key of an index can be.
create table read.captured_usage (
    tenant_id   varchar not null,
    source      text    not null,
    day         date    not null,
    api_key     text,
    resource_id text,
    metric      text    not null,
    currency    text    not null,
    remainder   text,
    line        bytea   not null,
    quantity    numeric not null,
    cost        numeric not null,
    byok_cost   numeric not null,
    records     bigint  not null,
    pending     bigint  not null,
    constraint captured_usage_key unique (tenant_id, source, day, line)
);
