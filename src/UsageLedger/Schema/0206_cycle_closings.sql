-- Closed cycles: usage of theirs after position as_of is booked as an adjustment elsewhere.
create table read.cycle_closings (
    tenant_id   varchar     not null,
    client_id   text        not null,
    cycle_start timestamptz not null,
    as_of       bigint      not null,
    constraint cycle_closings_key primary key (tenant_id, client_id, cycle_start)
);
