-- Usage by quarter hour: every hour and day of every time zone is a whole number of them.
-- line is the hash of the names of a row: together they may be longer than a key of an index can be.
create table read.usage_buckets (
    tenant_id    varchar     not null,
    client_id    text,
    provider     text        not null,
    metric       text        not null,
    agent_id     text,
    resource_id  text,
    unit         text        not null,
    currency     text        not null,
    quarter_hour timestamptz not null,
    line         bytea       not null,
    quantity     numeric     not null,
    cost         numeric     not null,
    records      bigint      not null,
    pending      bigint      not null,
    constraint usage_buckets_key unique nulls not distinct
        (tenant_id, client_id, quarter_hour, line)
);
