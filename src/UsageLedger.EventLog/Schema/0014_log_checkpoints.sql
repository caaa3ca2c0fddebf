-- Signed tree heads, as given out.
create table ledger.log_checkpoints (
    size      bigint      not null,
    key_id    bytea       not null,
    note      text        not null,
    signed_at timestamptz not null,
    constraint log_checkpoints_pkey primary key (size, key_id)
);
