-- One run of a source at a time.
create unique index inbox_items_running_run on ledger.inbox_items (tenant, source) where status = 'running' and kind = 'collect';
