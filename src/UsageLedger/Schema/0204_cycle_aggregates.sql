-- The lines of every cycle. A row with an origin is an adjustment: usage of the cycle that starts at origin_start,
-- booked into this one because its own was closed; its records count events, its sums are signed.
-- line is the hash of the names of a row: together they may be longer than a key of an index can be.
create table read.cycle_aggregates (
    tenant_id    varchar     not null,
    client_id    text        not null,
    cycle_start  timestamptz not null,
    origin_start timestamptz,
    provider     text        not null,
    metric       text        not null,
    agent_id     text,
    unit         text        not null,
    currency     text        not null,
    line         bytea       not null,
    quantity     numeric     not null,
    cost         numeric     not null,
    records      bigint      not null,
    pending      bigint      not null,
    revised      bigint      not null,
    voided       bigint      not null,
    constraint cycle_aggregates_key unique nulls not distinct
        (tenant_id, client_id, cycle_start, origin_start, line)
);
