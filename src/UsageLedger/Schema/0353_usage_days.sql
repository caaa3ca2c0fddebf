-- usage_hours by the days of UTC: what a year is read of, where the time zone is of whole hours; of the hours only those are read that its days cut off.
create table read.usage_days (
    tenant_id   varchar     not null,
    client_id   text,
    provider    text        not null,
    metric      text        not null,
    agent_id    text,
    resource_id text,
    unit        text        not null,
    currency    text        not null,
    day         timestamptz not null,
    line        bytea       not null,
    quantity    numeric     not null,
    cost        numeric     not null,
    records     bigint      not null,
    constraint usage_days_key unique nulls not distinct
        (tenant_id, client_id, day, line)
);
