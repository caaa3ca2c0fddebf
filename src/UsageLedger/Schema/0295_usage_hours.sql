-- usage_buckets by the whole hours of UTC: a quarter of the rows, for the time zones and spans that begin on such hours.
create table read.usage_hours (
    tenant_id   varchar     not null,
    client_id   text,
    provider    text        not null,
    metric      text        not null,
    agent_id    text,
    resource_id text,
    unit        text        not null,
    currency    text        not null,
    hour        timestamptz not null,
    line        bytea       not null,
    quantity    numeric     not null,
    cost        numeric     not null,
    records     bigint      not null,
    constraint usage_hours_key unique nulls not distinct
        (tenant_id, client_id, hour, line)
);
