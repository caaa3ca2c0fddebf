-- Where the events of the rarer types stand, so that a reader of one type need not read the log.
create table ledger.log_types (
    type   varchar(500) not null,
    seq_id bigint       not null,
    constraint log_types_pkey primary key (type, seq_id)
);
