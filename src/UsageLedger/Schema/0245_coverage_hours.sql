-- What runs tell of each hour of a source: proven_to is the furthest end of a completed run whose window holds the hour whole,
-- listed how many of the hour's records the vendor listed at most in one run.
create table read.coverage_hours (
    tenant_id varchar     not null,
    source_id text        not null,
    hour      timestamptz not null,
    proven_to timestamptz,
    listed    bigint      not null,
    constraint coverage_hours_key primary key (tenant_id, source_id, hour)
);
