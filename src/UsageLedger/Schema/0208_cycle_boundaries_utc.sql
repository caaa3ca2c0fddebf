-- The rule of clients that nobody registered.
insert into read.cycle_boundaries (time_zone, period, anchor_day, starts, ends)
select 'UTC', 'monthly', 1, m at time zone 'UTC', (m + interval '1 month') at time zone 'UTC'
from generate_series(timestamp '1999-12-01', timestamp '2100-12-01', interval '1 month') m;
