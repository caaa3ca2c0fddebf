-- As before, and which messages failed free of charge: by the second rule of reconciliations they are of no line but one that names the message.
-- Whoever reads without the new column reads what he did.
drop function ledger.billed_usage(varchar, text, text, bigint, bigint, timestamptz, timestamptz);

create function ledger.billed_usage(
    of_tenant varchar, of_provider text, of_source text, after_position bigint, up_to_position bigint, from_at timestamptz, to_at timestamptz)
returns table (
    seq_id bigint, sign integer, source text, idempotency_key text, metric text, unit text, currency text, resource_id text, native_id text,
    billed_metric text, billed_unit text, billed_quantity numeric, occurred_at timestamptz, quantity numeric, cost numeric, failed_free boolean)
language sql stable parallel safe as $$
    select u.seq_id, u.sign, u.state ->> 'source', u.state ->> 'idempotencyKey', u.state ->> 'metric', u.state ->> 'unit', u.state ->> 'currency',
           u.state ->> 'resourceId',
           coalesce(
               u.attributes ->> 'callId', u.attributes ->> 'callSid', u.attributes ->> 'messageSid', u.attributes ->> 'generationId', u.state ->> 'idempotencyKey'),
           case when $2 = 'twilio' and u.attributes ->> 'status' = 'failed' and u.state ->> 'unit' = 'segment' then 'message.failed' end,
           case when $2 <> 'twilio' then null
                when u.attributes ->> 'billedMinutes' is not null then 'minute'
                when u.state ->> 'unit' = 'segment' then 'message' end,
           case when $2 = 'twilio' and u.attributes ->> 'billedMinutes' is not null then ledger.told_amount(u.attributes ->> 'billedMinutes')
                when $2 = 'twilio' and u.attributes ->> 'status' = 'failed' and (u.state ->> 'cost')::numeric = 0 then 0
                else 1 end,
           u.occurred_at, (u.state ->> 'quantity')::numeric, (u.state ->> 'cost')::numeric,
           $2 = 'twilio' and coalesce(u.attributes ->> 'status' = 'failed', false) and u.state ->> 'unit' = 'segment' and coalesce((u.state ->> 'cost')::numeric = 0, false)
    from (
        select e.seq_id, 1 as sign, e.data as state, e.data -> 'attributes' as attributes, (e.data ->> 'occurredAt')::timestamptz as occurred_at
        from ledger.mt_events e
        where e.seq_id > $4 and e.seq_id <= $5 and e.tenant_id = $1 and e.type = 'usage_recorded'
        union all
        select e.seq_id, s.sign, s.state, s.state -> 'attributes', (s.state ->> 'occurredAt')::timestamptz
        from ledger.log_subjects l
        join ledger.mt_events e on e.seq_id = l.seq_id
        cross join lateral (values (-1, e.data -> 'previous'), (1, e.data -> 'current')) as s (sign, state)
        where l.seq_id > $4 and l.seq_id <= $5 and e.tenant_id = $1 and e.type in ('usage_revised', 'usage_voided')
          and e.stream_id = coalesce('client-' || (s.state ->> 'clientId'), 'unattributed-' || (s.state ->> 'source'))) u
    where u.state ->> 'provider' = $2 and ($3 is null or u.state ->> 'source' = $3) and u.occurred_at >= $6 and u.occurred_at < $7
$$;
