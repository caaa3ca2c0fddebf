-- Boundaries of a client's closed cycles that its rule puts elsewhere today: those at rule_starts stay at starts.
create table read.cycle_moves (
    tenant_id   varchar     not null,
    client_id   text        not null,
    rule_starts timestamptz not null,
    starts      timestamptz not null,
    constraint cycle_moves_key primary key (tenant_id, client_id, rule_starts)
);
