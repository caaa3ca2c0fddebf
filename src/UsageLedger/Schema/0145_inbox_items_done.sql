-- Finds the items that have been done for long enough to be forgotten.
create index inbox_items_done on ledger.inbox_items (ended_at) where status = 'done';
