-- What a tenant has due, so that each tenant can have its turn.
create index inbox_items_due on ledger.inbox_items (is_run, tenant, next_attempt_at) where status in ('queued', 'failed');
