-- Usage whose cost is not known yet.
create table read.pending_costs (
    tenant_id       varchar     not null,
    usage           uuid        not null,
    source          text        not null,
    idempotency_key text        not null,
    occurred_at     timestamptz not null,
    constraint pending_costs_key primary key (usage)
);
