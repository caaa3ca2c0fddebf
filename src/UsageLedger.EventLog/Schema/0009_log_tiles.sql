-- The hash tree: tile (level, index) holds up to 256 hashes of 32 bytes, each of a complete subtree of 256^level leaves.
create table ledger.log_tiles (
    level  smallint not null,
    index  bigint   not null,
    hashes bytea    not null,
    constraint log_tiles_pkey primary key (level, index)
) with (fillfactor = 70);
