-- Gives the login of an auditor another password, by whoever may change roles: the one that was shown may have been lost before anybody saw it.
create function ledger.renew_auditor_password(named name, secret text) returns void language plpgsql as $$
begin
    if not exists (
        select from pg_auth_members m
        where m.member = (select oid from pg_roles where rolname = named) and m.roleid = (select oid from pg_roles where rolname = 'ledger_auditor'))
    then
        raise exception 'The role % is not an auditor.', named using errcode = 'LG001';
    end if;
    execute format('alter role %I password %L', named, secret);
end $$;
