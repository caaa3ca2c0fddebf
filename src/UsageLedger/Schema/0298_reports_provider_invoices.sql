-- What vendors asked for.
create function reports.provider_invoices_now() returns table (
    tenant_id varchar,
    invoice_id uuid,
    provider text,
    source_id text,
    number text,
    revision bigint,
    period_start timestamptz,
    period_end timestamptz,
    time_zone text,
    currency text,
    amount numeric,
    stated_total numeric,
    lines bigint,
    received_at timestamptz)
language sql stable parallel safe as $$
    select i.tenant_id, i.invoice_id, i.provider, i.source_id, i.number, i.revision, i.period_start, i.period_end, i.time_zone, i.currency,
           i.amount, i.total, i.lines, i.received_at
    from read.provider_invoices i
$$;

create view reports.provider_invoices with (security_invoker = true) as select * from reports.provider_invoices_now();

comment on view reports.provider_invoices is 'Vendors invoices as last told; their lines stand in the log.';
comment on column reports.provider_invoices.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.provider_invoices.invoice_id is 'The invoice.';
comment on column reports.provider_invoices.provider is 'The vendor.';
comment on column reports.provider_invoices.source_id is 'The source that it is for, where one was named.';
comment on column reports.provider_invoices.number is 'The vendor''s number of it.';
comment on column reports.provider_invoices.revision is 'How often it was told anew; 1 the first time.';
comment on column reports.provider_invoices.period_start is 'Start of the time that it is for.';
comment on column reports.provider_invoices.period_end is 'End of that time; the end is not in it.';
comment on column reports.provider_invoices.time_zone is 'The zone in which the vendor cuts days.';
comment on column reports.provider_invoices.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.provider_invoices.amount is 'Exact sum of its lines.';
comment on column reports.provider_invoices.stated_total is 'The total that it states, where it states one.';
comment on column reports.provider_invoices.lines is 'How many lines it has.';
comment on column reports.provider_invoices.received_at is 'When it was last told.';
