-- The lines of cycles with the names that people use for cycles.
create function reports.cycle_lines_now() returns table (
    tenant_id varchar,
    client_id text,
    cycle date,
    cycle_start timestamptz,
    origin_cycle date,
    provider text,
    metric text,
    agent_id text,
    unit text,
    currency text,
    quantity numeric,
    cost numeric,
    records bigint,
    pending bigint,
    revised bigint,
    voided bigint)
language sql stable parallel safe as $$
    select a.tenant_id, a.client_id, (a.cycle_start at time zone coalesce(k.time_zone, 'UTC'))::date, a.cycle_start,
           (a.origin_start at time zone coalesce(o.time_zone, 'UTC'))::date,
           a.provider, a.metric, a.agent_id, a.unit, a.currency, a.quantity, a.cost, a.records, a.pending, a.revised, a.voided
    from read.cycle_aggregates a
    left join read.cycle_calendars k
        on k.tenant_id = a.tenant_id and k.client_id = a.client_id and a.cycle_start >= k.from_at and a.cycle_start < k.until_at
    left join read.cycle_calendars o
        on o.tenant_id = a.tenant_id and o.client_id = a.client_id and a.origin_start >= o.from_at and a.origin_start < o.until_at
$$;

create view reports.cycle_lines with (security_invoker = true) as select * from reports.cycle_lines_now();

comment on view reports.cycle_lines is 'The lines of every billing cycle, adjustments of closed cycles among them, as the cycle report gives them.';
comment on column reports.cycle_lines.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.cycle_lines.client_id is 'The client.';
comment on column reports.cycle_lines.cycle is 'The cycle: the local date on which it starts, by the time zone of the client.';
comment on column reports.cycle_lines.cycle_start is 'When the cycle starts.';
comment on column reports.cycle_lines.origin_cycle is 'Of an adjustment: the closed cycle that it belongs to; otherwise null.';
comment on column reports.cycle_lines.provider is 'The vendor, such as retell.';
comment on column reports.cycle_lines.metric is 'What was used, such as llm.tokens.input.';
comment on column reports.cycle_lines.agent_id is 'The client''s agent, where known.';
comment on column reports.cycle_lines.unit is 'Unit of the quantity.';
comment on column reports.cycle_lines.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.cycle_lines.quantity is 'Exact sum of the quantities; of an adjustment the signed difference.';
comment on column reports.cycle_lines.cost is 'Exact sum of the known costs; of an adjustment the signed difference.';
comment on column reports.cycle_lines.records is 'Usage records; of an adjustment the events booked.';
comment on column reports.cycle_lines.pending is 'Records whose cost is not known yet.';
comment on column reports.cycle_lines.revised is 'Revisions of the line''s usage.';
comment on column reports.cycle_lines.voided is 'Voids of the line''s usage.';
