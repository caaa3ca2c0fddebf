-- Hashes do not compress.
alter table ledger.log_tiles alter column hashes set storage external;
