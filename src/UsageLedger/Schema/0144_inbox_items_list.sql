-- Lists a tenant's items, newest first.
create index inbox_items_list on ledger.inbox_items (tenant, received_at desc, id desc);
