-- Lists a tenant's invoices, the last told first.
create index provider_invoices_list on read.provider_invoices (tenant_id, received_at desc, invoice_id desc);
