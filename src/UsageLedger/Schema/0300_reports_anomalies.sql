-- What somebody should look at.
create function reports.anomalies_now() returns table (
    tenant_id varchar,
    anomaly_id uuid,
    kind text,
    status text,
    client_id text,
    source_id text,
    provider text,
    metric text,
    agent_id text,
    unit text,
    currency text,
    hour timestamptz,
    expected numeric,
    came numeric,
    sentence text,
    resolved_at timestamptz,
    acknowledged_at timestamptz,
    acknowledged_by text,
    note text)
language sql stable parallel safe as $$
    select a.tenant_id, a.id, a.kind, a.status, a.client_id, a.source_id, a.provider, a.metric, a.agent_id, a.unit, a.currency, a.hour,
           a.expected, a.came, a.sentence, a.resolved_at, a.acknowledged_at, a.acknowledged_by, a.note
    from read.anomalies a
$$;

create view reports.anomalies with (security_invoker = true) as select * from reports.anomalies_now();

comment on view reports.anomalies is 'Usage that was not as expected, from the hour in which it was seen until it was as usual again.';
comment on column reports.anomalies.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.anomalies.anomaly_id is 'The anomaly.';
comment on column reports.anomalies.kind is 'What is unusual, such as spike or drop.';
comment on column reports.anomalies.status is 'open, acknowledged or resolved.';
comment on column reports.anomalies.client_id is 'The client; null where it is about a source.';
comment on column reports.anomalies.source_id is 'The source; null where it is about a client.';
comment on column reports.anomalies.provider is 'The vendor.';
comment on column reports.anomalies.metric is 'What was used.';
comment on column reports.anomalies.agent_id is 'The agent, where known.';
comment on column reports.anomalies.unit is 'Unit of the figures.';
comment on column reports.anomalies.currency is 'ISO 4217, where the figures are amounts.';
comment on column reports.anomalies.hour is 'The hour in which it was seen.';
comment on column reports.anomalies.expected is 'What that hour of the week is used to.';
comment on column reports.anomalies.came is 'What came.';
comment on column reports.anomalies.sentence is 'The same in one sentence.';
comment on column reports.anomalies.resolved_at is 'When it was as usual again.';
comment on column reports.anomalies.acknowledged_at is 'When somebody took note of it.';
comment on column reports.anomalies.acknowledged_by is 'Who did.';
comment on column reports.anomalies.note is 'What they wrote.';
