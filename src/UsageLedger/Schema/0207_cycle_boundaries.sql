-- The cycles of each rule from 2000 to 2100, computed once with the time zone database of the program.
create table read.cycle_boundaries (
    time_zone  text        not null,
    period     text        not null,
    anchor_day integer     not null,
    starts     timestamptz not null,
    ends       timestamptz not null,
    constraint cycle_boundaries_key primary key (time_zone, period, anchor_day, starts)
);
