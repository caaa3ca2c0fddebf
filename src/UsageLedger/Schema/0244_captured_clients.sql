-- Which sources feed which clients on which UTC days, and how many repeats runs met.
create table read.captured_clients (
    tenant_id  varchar not null,
    client_id  text    not null,
    source     text    not null,
    day        date    not null,
    records    bigint  not null,
    duplicates bigint  not null,
    constraint captured_clients_key primary key (tenant_id, client_id, source, day)
);
