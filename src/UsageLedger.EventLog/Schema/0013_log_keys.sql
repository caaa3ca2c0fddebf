-- Public keys that have signed checkpoints; the private halves are never here.
create table ledger.log_keys (
    key_id     bytea       not null,
    public_key text        not null,
    added_at   timestamptz not null,
    constraint log_keys_pkey primary key (key_id)
);
