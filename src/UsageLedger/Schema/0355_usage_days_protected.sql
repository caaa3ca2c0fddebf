select ledger.protect_read_tables();
select ledger.grant_reports();
