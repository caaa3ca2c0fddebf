-- Gives the login of an auditor of this ledger another password, by whoever may change roles: the one that was shown may have been lost before
-- anybody saw it. Roles belong to the whole server: one that was not entered here before, that is or has more than an auditor, or is that of
-- whoever asks, is left alone.
create function ledger.renew_auditor_password(named name, secret text) returns void language plpgsql as $$
begin
    if named in (current_user, session_user)
        or not exists (select from ledger.auditors where role_name = named)
        or not exists (
            select from pg_roles r
            where r.rolname = named and r.rolcanlogin
              and not (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
              and (select array_agg(g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) = array[name 'ledger_auditor']
              and not exists (select from pg_shdepend d where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype = 'o'))
    then
        raise exception 'The role % is not an auditor of this ledger and nothing else.', named using errcode = 'LG002';
    end if;
    execute format('alter role %I password %L', named, secret);
end $$;
