-- Finds the answers that are old enough to be forgotten.
create index idempotency_keys_created_at on ledger.idempotency_keys (created_at);
