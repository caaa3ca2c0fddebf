-- What reconciling reads of usage: each event of a provider's usage of a time adds a state or takes one away, counted only in its stream.
-- Mappings move usage between clients and change nothing of this. Native ids are the vendor's of the record; what a vendor charges under
-- other words, or counts in other units than the ledger, is told beside: of Twilio failed messages (not those free of charge), messages with
-- media, and minutes.
create function ledger.billed_usage(
    of_tenant varchar, of_provider text, of_source text, after_position bigint, up_to_position bigint, from_at timestamptz, to_at timestamptz)
returns table (
    seq_id bigint, sign integer, source text, idempotency_key text, metric text, unit text, currency text, resource_id text, native_id text,
    billed_metric text, billed_unit text, billed_quantity numeric, occurred_at timestamptz, quantity numeric, cost numeric)
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
           u.occurred_at, (u.state ->> 'quantity')::numeric, (u.state ->> 'cost')::numeric
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
