-- Keys of the ledger itself, each made once and sealed under the master key outside the database.
create table ledger.sealed_keys (
    name          text        not null,
    master_key_id text        not null,
    sealed_key    bytea       not null,
    constraint sealed_keys_pkey primary key (name)
);
