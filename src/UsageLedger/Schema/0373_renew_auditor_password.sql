-- Gives the login of an auditor of this ledger another password, by whoever may change roles: the one that was shown may have been lost before
-- anybody saw it. Roles belong to the whole server: those that do more than an auditor does, and that of whoever asks, are left alone.
create function ledger.renew_auditor_password(named name, secret text) returns void language plpgsql as $$
begin
    if named in (current_user, session_user)
        or not exists (select from ledger.auditors where role_name = named)
        or not exists (
            select from pg_roles r
            where r.rolname = named and r.rolcanlogin and not r.rolsuper and not r.rolcreaterole and not r.rolcreatedb and not r.rolreplication
              and pg_has_role(r.oid, 'ledger_auditor', 'member'))
    then
        raise exception 'The role % is no auditor of this ledger.', named using errcode = 'LG001';
    end if;
    execute format('alter role %I password %L', named, secret);
end $$;
