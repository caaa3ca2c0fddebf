-- captured_usage had been built before its days were judged: it is built anew with them.
update ledger.projections
set position = 0, state = 'running', failed_position = null, error = null, updated_at = now()
where name = 'captured_usage';
truncate read.captured_usage, read.captured_sources, read.captured_runs, read.captured_hours, read.captured_clients, read.coverage_hours,
    read.vendor_totals, read.captured_days, read.coverage_days, read.vendor_days, read.days_to_judge;
