-- What cannot be billed yet.
create function reports.pending_costs_now() returns table (
    tenant_id varchar,
    usage_id uuid,
    source text,
    idempotency_key text,
    occurred_at timestamptz)
language sql stable parallel safe as $$
    select p.tenant_id, p.usage, p.source, p.idempotency_key, p.occurred_at from read.pending_costs p
$$;

create view reports.pending_costs with (security_invoker = true) as select * from reports.pending_costs_now();

comment on view reports.pending_costs is 'Usage whose cost the vendor has not told yet.';
comment on column reports.pending_costs.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.pending_costs.usage_id is 'The usage: the id of its first event.';
comment on column reports.pending_costs.source is 'The source that told it.';
comment on column reports.pending_costs.idempotency_key is 'Its key at the source.';
comment on column reports.pending_costs.occurred_at is 'When the usage occurred: how long the cost has been open.';
