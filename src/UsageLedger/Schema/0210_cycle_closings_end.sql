-- A closed cycle's boundaries are those that its event tells, whatever time zones become afterwards.
alter table read.cycle_closings add column cycle_end timestamptz;
update read.cycle_closings z set cycle_end = (e.data ->> 'end')::timestamptz
from ledger.log_types t join ledger.mt_events e on e.seq_id = t.seq_id
where t.type = 'cycle_closed' and e.tenant_id = z.tenant_id and e.data ->> 'clientId' = z.client_id
  and (e.data ->> 'start')::timestamptz = z.cycle_start;
alter table read.cycle_closings alter column cycle_end set not null;
