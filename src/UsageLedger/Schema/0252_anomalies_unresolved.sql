-- Those that the next hour may resolve, and those that stand in the way of a close.
create index anomalies_unresolved on read.anomalies (tenant_id, client_id, since) where resolved_hour is null;
