-- Of each line the first and last occurrence booked in it, and the unit prices that its usage named, the lowest 32: they grow with what
-- is booked and do not shrink when some of it is voided.
alter table read.cycle_aggregates
    add column first_at timestamptz,
    add column last_at timestamptz,
    add column prices numeric[];
