-- Days of sources that the vendor counts and that have changed within the transaction that advances captured_usage; empty at its end.
create table read.days_to_judge (
    tenant_id varchar not null,
    source_id text    not null,
    day       date    not null
);
