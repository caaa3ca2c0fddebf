-- A source's credentials, without those of others.
create index credentials_source on ledger.credentials (tenant_id, source_id);
