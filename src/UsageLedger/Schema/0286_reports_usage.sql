-- A function between view and table is named anew at each query, so a rebuilt table takes the old one's place under the view.
create function reports.usage_now() returns table (
    tenant_id varchar,
    client_id text,
    quarter_hour timestamptz,
    provider text,
    metric text,
    agent_id text,
    resource_id text,
    unit text,
    currency text,
    quantity numeric,
    cost numeric,
    records bigint,
    pending bigint)
language sql stable parallel safe as $$
    select b.tenant_id, b.client_id, b.quarter_hour, b.provider, b.metric, b.agent_id, b.resource_id, b.unit, b.currency,
           b.quantity, b.cost, b.records, b.pending
    from read.usage_buckets b where b.records <> 0 or b.quantity <> 0 or b.cost <> 0
$$;

create view reports.usage with (security_invoker = true) as select * from reports.usage_now();

comment on view reports.usage is 'Usage as last told, in quarter hours of UTC by when it occurred: revisions, voids and attributions are counted in.';
comment on column reports.usage.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.usage.client_id is 'The client; null: attributed to nobody yet.';
comment on column reports.usage.quarter_hour is 'Start of the quarter hour in which the usage occurred.';
comment on column reports.usage.provider is 'The vendor, such as retell.';
comment on column reports.usage.metric is 'What was used, such as llm.tokens.input.';
comment on column reports.usage.agent_id is 'The client''s agent, where known.';
comment on column reports.usage.resource_id is 'What the agent used, such as a model, where told.';
comment on column reports.usage.unit is 'Unit of the quantity.';
comment on column reports.usage.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.usage.quantity is 'Exact sum of the quantities.';
comment on column reports.usage.cost is 'Exact sum of the costs that are known, as the vendor charges them.';
comment on column reports.usage.records is 'Usage records.';
comment on column reports.usage.pending is 'Records among them whose cost is not known yet.';
