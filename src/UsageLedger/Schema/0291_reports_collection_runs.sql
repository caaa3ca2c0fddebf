-- What was asked of vendors, and what came of it.
create function reports.collection_runs_now() returns table (
    tenant_id varchar,
    run_id uuid,
    source_id text,
    window_start timestamptz,
    window_end timestamptz,
    status text,
    pages bigint,
    records bigint,
    accepted bigint,
    duplicates bigint,
    revised bigint,
    rejected bigint,
    started_at timestamptz,
    ended_at timestamptz,
    error text)
language sql stable parallel safe as $$
    select c.tenant_id, c.run_id, c.source_id, c.from_at, c.to_at, c.status, c.pages, c.records, c.accepted, c.duplicates, c.revised,
           c.rejected, c.started_at, c.ended_at, c.error
    from read.collections c
$$;

create view reports.collection_runs with (security_invoker = true) as select * from reports.collection_runs_now();

comment on view reports.collection_runs is 'Runs that pulled usage from vendors.';
comment on column reports.collection_runs.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.collection_runs.run_id is 'The run; also the id that its events carry.';
comment on column reports.collection_runs.source_id is 'The source.';
comment on column reports.collection_runs.window_start is 'Start of the window asked for.';
comment on column reports.collection_runs.window_end is 'End of the window; the end is not in it.';
comment on column reports.collection_runs.status is 'queued, running, completed, failed or dead.';
comment on column reports.collection_runs.pages is 'Pages read.';
comment on column reports.collection_runs.records is 'Records read.';
comment on column reports.collection_runs.accepted is 'Records that were new.';
comment on column reports.collection_runs.duplicates is 'Records already known, unchanged.';
comment on column reports.collection_runs.revised is 'Records known and changed by the vendor.';
comment on column reports.collection_runs.rejected is 'Records that could not be kept.';
comment on column reports.collection_runs.started_at is 'When the run began.';
comment on column reports.collection_runs.ended_at is 'When it ended; null while it runs.';
comment on column reports.collection_runs.error is 'Why it failed.';
