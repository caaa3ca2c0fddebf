-- Lists a tenant's keys, oldest first.
create index api_keys_tenant on ledger.api_keys (tenant, created_at, id);
