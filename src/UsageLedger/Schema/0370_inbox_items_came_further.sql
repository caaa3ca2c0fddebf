-- Whether the work has kept a place behind the one where its present try began: a failure after that is the first of a new series.
alter table ledger.inbox_items add column came_further boolean not null default false;
