-- Lists a tenant's reconciliations, newest first.
create index reconciliations_list on read.reconciliations (tenant_id, made_at desc, reconciliation_id desc);
