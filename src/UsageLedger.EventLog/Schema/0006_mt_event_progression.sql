-- Marten's table, for Marten's projections; the ledger's own checkpoints are in ledger.projections.
create table ledger.mt_event_progression (
    name         varchar not null,
    last_seq_id  bigint,
    last_updated timestamptz default transaction_timestamp(),
    constraint pk_mt_event_progression primary key (name)
);
