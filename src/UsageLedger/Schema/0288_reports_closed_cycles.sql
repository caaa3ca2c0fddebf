-- Which cycles are frozen, and at which position of the log.
create function reports.closed_cycles_now() returns table (
    tenant_id varchar,
    client_id text,
    cycle_start timestamptz,
    cycle_end timestamptz,
    as_of_position bigint)
language sql stable parallel safe as $$
    select z.tenant_id, z.client_id, z.cycle_start, z.cycle_end, z.as_of from read.cycle_closings z
$$;

create view reports.closed_cycles with (security_invoker = true) as select * from reports.closed_cycles_now();

comment on view reports.closed_cycles is 'Cycles that were closed: what comes later is an adjustment in a later cycle.';
comment on column reports.closed_cycles.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.closed_cycles.client_id is 'The client.';
comment on column reports.closed_cycles.cycle_start is 'When the cycle starts.';
comment on column reports.closed_cycles.cycle_end is 'When it ends; the end is not in it.';
comment on column reports.closed_cycles.as_of_position is 'The last position of the log that the closed figures count.';
