-- Lists a tenant's anomalies, those of the latest hour first.
create index anomalies_list on read.anomalies (tenant_id, hour desc, id desc);
