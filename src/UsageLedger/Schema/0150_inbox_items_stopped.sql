-- What waits for an operator, or for its next try, the oldest first.
create index inbox_items_stopped on ledger.inbox_items (tenant, status, received_at) where status in ('failed', 'dead', 'quarantined');
