-- How long the oldest item of a source has waited.
create index inbox_items_wanted on ledger.inbox_items (tenant, source, kind, received_at) where status in ('queued', 'running', 'failed');
