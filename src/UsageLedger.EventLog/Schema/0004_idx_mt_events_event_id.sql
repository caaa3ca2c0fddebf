-- At most once for ever: the duplicate check of every append.
create unique index idx_mt_events_event_id on ledger.mt_events (id);
