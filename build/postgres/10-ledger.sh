#!/usr/bin/env bash
# Runs once, when the database volume is made: the ledger gets a role that is no superuser and owns its database.
# The superuser loses its password afterwards: it can only be used from inside this container.
set -euo pipefail

psql --no-psqlrc --set ON_ERROR_STOP=1 --set password="$POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
create role ledger login createdb password :'password';
grant pg_monitor, pg_checkpoint to ledger;
create role ledger_reader nologin;
grant ledger_reader to ledger;
create database ledger owner ledger;
revoke all on database ledger from public;
alter role current_user password null;
SQL
