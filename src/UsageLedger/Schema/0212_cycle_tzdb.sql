-- The time zone database that cycle_boundaries were computed with.
create table read.cycle_tzdb (
    version text not null
);
