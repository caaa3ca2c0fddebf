-- Lists a tenant's runs, newest first.
create index collections_list on read.collections (tenant_id, requested_at desc, run_id desc);
