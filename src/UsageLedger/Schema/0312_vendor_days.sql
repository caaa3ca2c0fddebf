-- vendor_totals that count records of a metric, by whole UTC days: of the day in records, of its hours in hours, the first at place 1.
create table read.vendor_days (
    tenant_id varchar     not null,
    source_id text        not null,
    day       date        not null,
    metric    text        not null,
    hours     bigint[],
    records   bigint,
    as_of     timestamptz not null,
    constraint vendor_days_key primary key (tenant_id, source_id, day, metric)
);
