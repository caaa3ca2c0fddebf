-- Its projection's place is taken first, as whoever runs it does.
select from ledger.projections where name = 'usage_buckets' for update;
insert into read.usage_days
select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency,
       date_bin('1 day', hour, timestamptz '2000-01-01 00:00:00+00'), line, sum(quantity), sum(cost), sum(records)
from read.usage_hours
group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10;
