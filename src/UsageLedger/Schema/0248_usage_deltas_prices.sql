-- What each event adds to its own stream's client, with the unit price that its state names: a usage adds itself, a revision takes the old
-- state and adds the new one, a void takes, a mapping moves. An event counts only in its stream: a usage that moves has one event in each of the two.
drop function ledger.usage_deltas;
create function ledger.usage_deltas(after_position bigint, up_to_position bigint)
returns table (
    tenant_id varchar, client_id text, provider text, metric text, agent_id text, resource_id text, unit text, currency text,
    occurred_at timestamptz, recorded_at timestamptz, event_position bigint, quantity numeric, cost numeric,
    records integer, pending integer, revised integer, voided integer, unit_cost numeric)
language sql stable parallel safe as $$
    select e.tenant_id, e.data ->> 'clientId', e.data ->> 'provider', e.data ->> 'metric', e.data ->> 'agentId', e.data ->> 'resourceId',
           e.data ->> 'unit', e.data ->> 'currency', (e.data ->> 'occurredAt')::timestamptz, e."timestamp", e.seq_id,
           (e.data ->> 'quantity')::numeric, (e.data ->> 'cost')::numeric, 1, (not e.data ? 'cost')::integer, 0, 0, (e.data ->> 'unitCost')::numeric
    from ledger.mt_events e
    where e.seq_id > $1 and e.seq_id <= $2 and e.type = 'usage_recorded'
    union all
    select e.tenant_id, d.state ->> 'clientId', d.state ->> 'provider', d.state ->> 'metric', d.state ->> 'agentId', d.state ->> 'resourceId',
           d.state ->> 'unit', d.state ->> 'currency', (d.state ->> 'occurredAt')::timestamptz, e."timestamp", e.seq_id,
           d.sign * (d.state ->> 'quantity')::numeric, d.sign * (d.state ->> 'cost')::numeric, d.sign, d.sign * (not d.state ? 'cost')::integer,
           (e.type = 'usage_revised' and d.sign = 1)::integer, (e.type = 'usage_voided')::integer, (d.state ->> 'unitCost')::numeric
    from ledger.log_subjects s
    join ledger.mt_events e on e.seq_id = s.seq_id
    cross join lateral (values (-1, e.data -> 'previous'), (1, e.data -> 'current')) as d (sign, state)
    where s.seq_id > $1 and s.seq_id <= $2 and e.type in ('usage_revised', 'usage_voided', 'usage_attributed')
      and e.stream_id = coalesce('client-' || (d.state ->> 'clientId'), 'unattributed-' || (d.state ->> 'source'))
$$;
