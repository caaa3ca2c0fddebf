-- How many records came three hours or more after they had occurred, by the hour in which they came. What is revised or voided later still came then.
-- line is the hash of the names of a row: together they may be longer than a key of an index can be.
create table read.late_usage (
    tenant_id varchar     not null,
    client_id text,
    provider  text        not null,
    metric    text        not null,
    agent_id  text,
    unit      text        not null,
    currency  text        not null,
    hour      timestamptz not null,
    line      bytea       not null,
    records   bigint      not null,
    constraint late_usage_key unique nulls not distinct
        (tenant_id, client_id, hour, line)
);
