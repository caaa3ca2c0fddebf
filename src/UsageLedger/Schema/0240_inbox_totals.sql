-- What a vendor adds up itself is asked for like anything else that may have to be tried again.
alter table ledger.inbox_items
    drop constraint inbox_items_kind_check,
    add constraint inbox_items_kind_check check (kind in ('webhook', 'collect', 'fetch', 'totals'));
