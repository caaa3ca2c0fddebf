-- Which rows of zeros captured_usage held depended on how its ranges had been cut, so that a rebuild differed: it is built anew. Its place
-- is taken first, as whoever runs it does.
update ledger.projections
set position = 0, state = 'running', failed_position = null, error = null, updated_at = now()
where name = 'captured_usage';
truncate read.captured_usage, read.captured_sources, read.captured_runs, read.captured_hours, read.captured_clients, read.coverage_hours, read.vendor_totals;
