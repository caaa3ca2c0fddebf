-- coverage_hours by whole UTC days: a bit for each hour that a completed run held whole, the lowest for the first hour;
-- held_to_end are those of which such a run reached to the end of the day.
create table read.coverage_days (
    tenant_id   varchar not null,
    source_id   text    not null,
    day         date    not null,
    held        integer not null,
    held_to_end integer not null,
    constraint coverage_days_key primary key (tenant_id, source_id, day)
);
