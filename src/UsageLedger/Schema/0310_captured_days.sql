-- captured_hours by whole UTC days, of all currencies and ways: records of the day, and of its hours, the first at place 1. A month of a metric is
-- thirty rows.
create table read.captured_days (
    tenant_id varchar  not null,
    source    text     not null,
    day       date     not null,
    metric    text     not null,
    records   bigint   not null,
    hours     bigint[] not null,
    constraint captured_days_key primary key (tenant_id, source, day, metric)
);
