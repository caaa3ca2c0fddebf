-- Captured usage had been booked anew by 0340 beside days that were kept, which then counted it twice; a remainder that is too large to be
-- true stands for fewer records now. So all that is captured is booked anew from the log, its days with it.
update ledger.projections
set position = 0, state = 'running', failed_position = null, error = null, updated_at = now()
where name = 'captured_usage';
truncate read.captured_usage, read.captured_sources, read.captured_runs, read.captured_hours, read.captured_clients, read.coverage_hours,
    read.vendor_totals, read.captured_days, read.coverage_days, read.vendor_days;
