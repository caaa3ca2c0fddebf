select ledger.protect_read_tables();
