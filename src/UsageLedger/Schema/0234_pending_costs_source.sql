-- The oldest of a source first.
create index pending_costs_source on read.pending_costs (tenant_id, source, occurred_at);
