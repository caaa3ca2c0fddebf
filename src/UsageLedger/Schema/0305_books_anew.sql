-- Usage and cycles had been booked before they told hours, first and last events, prices, and lateness apart from moves: they are
-- booked anew from the log. Their places are taken first, as whoever runs them does.
update ledger.projections
set position = 0, state = 'running', failed_position = null, error = null, updated_at = now()
where name in ('usage_buckets', 'cycle_aggregates');
truncate read.late_usage, read.usage_hours, read.usage_buckets,
    read.cycle_aggregates, read.cycle_calendars, read.cycle_closings, read.cycle_boundaries, read.cycle_moves, read.cycle_tzdb;
