-- Marten numbers its own appends from here; the ledger raises it after each commit and never lowers it.
create sequence ledger.mt_events_sequence owned by ledger.mt_events.seq_id;
