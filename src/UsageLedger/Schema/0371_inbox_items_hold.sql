-- How often the item was taken: whoever held it once must not be taken for whoever holds it now, whatever became of the tries meanwhile.
alter table ledger.inbox_items add column hold bigint not null default 0;
