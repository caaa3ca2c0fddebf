-- The end of the log. Its one row is the lock that gives the log its one order.
create table ledger.log_head (
    one         boolean     primary key default true check (one),
    position    bigint      not null,
    recorded_at timestamptz not null
) with (fillfactor = 20);
