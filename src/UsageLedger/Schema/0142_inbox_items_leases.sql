-- What is being worked on, and what a worker that died has left.
create index inbox_items_leases on ledger.inbox_items (lease_until) where status = 'running';
