-- What vendors count themselves.
create function reports.vendor_totals_now() returns table (
    tenant_id varchar,
    source_id text,
    day date,
    category text,
    metric text,
    records bigint,
    quantity numeric,
    unit text,
    cost numeric,
    currency text,
    as_of timestamptz)
language sql stable parallel safe as $$
    select v.tenant_id, v.source_id, v.day, v.category, v.metric, v.records, v.quantity, v.unit, v.cost, v.currency, v.as_of
    from read.vendor_totals v
$$;

create view reports.vendor_totals with (security_invoker = true) as select * from reports.vendor_totals_now();

comment on view reports.vendor_totals is 'What vendors say that a day came to, by their own categories; no charge of its own, but what usage is held against.';
comment on column reports.vendor_totals.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.vendor_totals.source_id is 'The source.';
comment on column reports.vendor_totals.day is 'The day, in UTC.';
comment on column reports.vendor_totals.category is 'The vendor''s category.';
comment on column reports.vendor_totals.metric is 'The metric that it is of, where there is one.';
comment on column reports.vendor_totals.records is 'Records, where the vendor counts them.';
comment on column reports.vendor_totals.quantity is 'The quantity, where the vendor tells it.';
comment on column reports.vendor_totals.unit is 'Unit of the quantity.';
comment on column reports.vendor_totals.cost is 'The amount, where the vendor tells it.';
comment on column reports.vendor_totals.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.vendor_totals.as_of is 'When the vendor said so.';
