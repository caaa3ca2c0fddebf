-- What waits for a mapping; rows that came to nothing are left out.
create function reports.unattributed_now() returns table (
    tenant_id varchar,
    source text,
    provider text,
    metric text,
    mapping_key text,
    currency text,
    records bigint,
    pending bigint,
    cost numeric,
    first_seen timestamptz,
    last_seen timestamptz)
language sql stable parallel safe as $$
    select u.tenant_id, u.source, u.provider, u.metric, u.key, u.currency, u.records, u.pending, u.cost, u.first_seen, u.last_seen
    from read.unattributed_usage u where u.records > 0
$$;

create view reports.unattributed with (security_invoker = true) as select * from reports.unattributed_now();

comment on view reports.unattributed is 'Usage that no mapping gives to a client, by what a mapping would claim it by; the goal is none.';
comment on column reports.unattributed.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.unattributed.source is 'The source that told it.';
comment on column reports.unattributed.provider is 'The vendor.';
comment on column reports.unattributed.metric is 'What was used.';
comment on column reports.unattributed.mapping_key is 'What a mapping would name, such as agent:agent_1; null where the record has nothing to go by.';
comment on column reports.unattributed.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.unattributed.records is 'Usage records.';
comment on column reports.unattributed.pending is 'Records among them whose cost is not known yet.';
comment on column reports.unattributed.cost is 'Exact sum of the known costs.';
comment on column reports.unattributed.first_seen is 'When the first of them occurred.';
comment on column reports.unattributed.last_seen is 'When the last of them occurred.';
