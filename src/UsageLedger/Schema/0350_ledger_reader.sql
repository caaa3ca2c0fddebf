-- The role as which a tenant's reads run, so that row-level security holds for the ledger itself. Roles belong to the whole
-- server, and making one may be an administrator's business: where it is not to be had, reads run without this second wall.
do $$
begin
    if not exists (select from pg_roles where rolname = 'ledger_reader') then
        create role ledger_reader nologin;
        execute format('grant ledger_reader to %I', current_user);
    end if;
exception when insufficient_privilege or duplicate_object or unique_violation then
    null;
end $$;
