-- Events about an earlier event: its revisions, voids and moves, in order.
create table ledger.log_subjects (
    subject uuid   not null,
    seq_id  bigint not null,
    constraint log_subjects_pkey primary key (subject, seq_id)
);
