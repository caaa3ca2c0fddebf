-- Vendors' invoices as last told. The lines stand in the log alone.
create table read.provider_invoices (
    tenant_id    varchar     not null,
    invoice_id   uuid        not null,
    provider     text        not null,
    source_id    text,
    number       text        not null,
    revision     bigint      not null,
    period_start timestamptz not null,
    period_end   timestamptz not null,
    time_zone    text        not null,
    currency     text        not null,
    amount       numeric     not null,
    total        numeric,
    lines        bigint      not null,
    origin       text        not null,
    received_at  timestamptz not null,
    constraint provider_invoices_key primary key (tenant_id, invoice_id)
);
