-- Usage that no mapping claims, by what it would be claimed by. When it was first and last seen holds whatever was claimed since.
-- line is the hash of the names of a row: together they may be longer than a key of an index can be.
create table read.unattributed_usage (
    tenant_id  varchar     not null,
    source     text        not null,
    provider   text        not null,
    metric     text        not null,
    key        text,
    currency   text        not null,
    line       bytea       not null,
    records    bigint      not null,
    pending    bigint      not null,
    cost       numeric     not null,
    first_seen timestamptz not null,
    last_seen  timestamptz not null,
    constraint unattributed_usage_key unique (tenant_id, line)
);
