-- What came of holding vendors' invoices against the log.
create function reports.reconciliations_now() returns table (
    tenant_id varchar,
    reconciliation_id uuid,
    invoice_id uuid,
    number text,
    provider text,
    source_id text,
    period_start timestamptz,
    period_end timestamptz,
    currency text,
    as_of_position bigint,
    matched bigint,
    missing_in_ledger bigint,
    missing_at_provider bigint,
    quantity_differs bigint,
    price_differs bigint,
    period_differs bigint,
    ledger_cost numeric,
    provider_cost numeric,
    difference numeric,
    made_at timestamptz,
    signed_off_at timestamptz,
    signed_off_by text)
language sql stable parallel safe as $$
    select r.tenant_id, r.reconciliation_id, r.invoice_id, r.number, r.provider, r.source_id, r.period_start, r.period_end, r.currency,
           r.position, r.matched, r.missing_in_ledger, r.missing_at_provider, r.quantity_differs, r.price_differs, r.period_differs,
           r.ledger_cost, r.provider_cost, r.difference, r.made_at, r.signed_off_at, r.signed_off_by
    from read.reconciliations r
$$;

create view reports.reconciliations with (security_invoker = true) as select * from reports.reconciliations_now();

comment on view reports.reconciliations is 'Vendors invoices held against the ledger, each as of a position of the log.';
comment on column reports.reconciliations.tenant_id is 'Whose usage it is: a platform.';
comment on column reports.reconciliations.reconciliation_id is 'The reconciliation.';
comment on column reports.reconciliations.invoice_id is 'The invoice.';
comment on column reports.reconciliations.number is 'The vendor''s number of the invoice.';
comment on column reports.reconciliations.provider is 'The vendor.';
comment on column reports.reconciliations.source_id is 'The source that the invoice is for, where one was named.';
comment on column reports.reconciliations.period_start is 'Start of the time that it is for.';
comment on column reports.reconciliations.period_end is 'End of that time; the end is not in it.';
comment on column reports.reconciliations.currency is 'ISO 4217; sums of different currencies are never added.';
comment on column reports.reconciliations.as_of_position is 'The last position of the log that was counted.';
comment on column reports.reconciliations.matched is 'Lines that agree within the tolerance.';
comment on column reports.reconciliations.missing_in_ledger is 'Lines of the invoice that the ledger knows nothing of.';
comment on column reports.reconciliations.missing_at_provider is 'Usage in the ledger that no line bills.';
comment on column reports.reconciliations.quantity_differs is 'Lines whose quantity differs.';
comment on column reports.reconciliations.price_differs is 'Lines whose quantity agrees and whose amount does not.';
comment on column reports.reconciliations.period_differs is 'Lines that agree once days are cut elsewhere.';
comment on column reports.reconciliations.ledger_cost is 'What the ledger says it costs.';
comment on column reports.reconciliations.provider_cost is 'What the vendor asks for.';
comment on column reports.reconciliations.difference is 'The vendor''s amount less the ledger''s.';
comment on column reports.reconciliations.made_at is 'When it was made.';
comment on column reports.reconciliations.signed_off_at is 'When somebody put a name under it; null: nobody yet.';
comment on column reports.reconciliations.signed_off_by is 'Who did.';
