-- Keys of the HTTP interface. The secret itself is kept nowhere, only its SHA-256.
create table ledger.api_keys (
    id           uuid        not null,
    tenant       text        not null,
    name         text        not null,
    hash         bytea       not null check (octet_length(hash) = 32),
    scopes       text[]      not null,
    created_at   timestamptz not null,
    expires_at   timestamptz,
    revoked_at   timestamptz,
    last_used_at timestamptz,
    constraint api_keys_pkey primary key (id),
    constraint api_keys_hash_key unique (hash)
);
