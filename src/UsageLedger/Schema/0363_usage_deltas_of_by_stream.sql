-- usage_deltas of one stream, by its own index: those after a version, up to a position of the log. The position is no condition of an index: a plan that
-- is kept would walk through the whole log by it, to find the few of a stream.
create or replace function ledger.usage_deltas_of(of_tenant varchar, of_stream varchar, after_version bigint, up_to_position bigint)
returns table (
    tenant_id varchar, client_id text, provider text, metric text, agent_id text, resource_id text, unit text, currency text,
    occurred_at timestamptz, recorded_at timestamptz, event_position bigint, quantity numeric, cost numeric,
    records integer, pending integer, revised integer, voided integer, unit_cost numeric)
language sql stable parallel safe as $$
    select e.tenant_id, d.state ->> 'clientId', d.state ->> 'provider', d.state ->> 'metric', d.state ->> 'agentId', d.state ->> 'resourceId',
           d.state ->> 'unit', d.state ->> 'currency', (d.state ->> 'occurredAt')::timestamptz, e."timestamp", e.seq_id,
           d.sign * (d.state ->> 'quantity')::numeric, d.sign * (d.state ->> 'cost')::numeric, d.sign, d.sign * (not d.state ? 'cost')::integer,
           (e.type = 'usage_revised' and d.sign = 1)::integer, (e.type = 'usage_voided')::integer, (d.state ->> 'unitCost')::numeric
    from ledger.mt_events e
    cross join lateral (values
        (-1, e.data -> 'previous'),
        (1, case e.type when 'usage_recorded' then e.data else e.data -> 'current' end)) as d (sign, state)
    where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3 and e.seq_id + 0 <= $4
      and e.type in ('usage_recorded', 'usage_revised', 'usage_voided', 'usage_attributed')
      and e.stream_id = coalesce('client-' || (d.state ->> 'clientId'), 'unattributed-' || (d.state ->> 'source'))
$$;
