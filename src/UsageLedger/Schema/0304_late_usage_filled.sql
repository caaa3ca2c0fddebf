-- usage_buckets had been built before it told what came late: that is taken from the log, up to where usage_buckets stands.
select position from ledger.projections where name = 'usage_buckets' for update;
truncate read.late_usage;
insert into read.late_usage (tenant_id, client_id, provider, metric, agent_id, unit, currency, hour, line, records)
select d.tenant_id, d.client_id, d.provider, d.metric, d.agent_id, d.unit, d.currency, date_bin('1 hour', d.recorded_at, timestamptz '2000-01-01 00:00:00+00'),
       ledger.usage_line(d.provider, d.metric, d.agent_id, d.unit, d.currency), sum(d.records)
from ledger.projections p cross join lateral ledger.usage_deltas(0, p.position) d
where p.name = 'usage_buckets' and d.records = 1 and d.revised = 0 and d.recorded_at >= d.occurred_at + interval '3 hours'
group by 1, 2, 3, 4, 5, 6, 7, 8;
