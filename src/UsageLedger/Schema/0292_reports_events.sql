-- The log as it stands, for auditors. It reads with the rights of its owner, since nobody is given the log itself, and names
-- the tenants of its reader; the barrier keeps the reader's own functions from seeing other rows first.
create view reports.events with (security_barrier = true) as
select e.tenant_id, e.seq_id as position, e.id as event_id, e.stream_id as stream, e.version, e.type, e."timestamp" as recorded_at,
       e.correlation_id, e.data
from ledger.mt_events e where e.tenant_id = any ((select ledger.auditor_tenants())::varchar[]);

comment on view reports.events is 'Every event of the log, in order of position; nothing in it is ever changed or removed.';
comment on column reports.events.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.events.position is 'The place in the log; rises by recording, over all tenants.';
comment on column reports.events.event_id is 'The event; of the first event of a usage also the usage.';
comment on column reports.events.stream is 'The stream: client-ID, unattributed-SOURCE, source-ID and others.';
comment on column reports.events.version is 'The place in the stream, from 1 without gaps.';
comment on column reports.events.type is 'What happened, such as usage_recorded or cycle_closed.';
comment on column reports.events.recorded_at is 'When it was recorded; when it occurred is in the data.';
comment on column reports.events.correlation_id is 'What it was recorded for: a request or a run.';
comment on column reports.events.data is 'The facts; quantities and amounts are texts, so that they stay exact.';
