-- Gives the login of an auditor of this ledger another password, by whoever may change roles: the one that was shown may have been lost before
-- anybody saw it. Roles belong to the whole server: one that was not entered here before (LG002), that is or has more than an auditor, or is
-- that of whoever asks (LG003), is left alone. Without a password it only looks.
create function ledger.renew_auditor_password(named name, secret text) returns void language plpgsql as $$
begin
    if not exists (select from ledger.auditors where role_name = named) then
        raise exception 'The role % has not been entered as an auditor of this ledger.', named using errcode = 'LG002';
    end if;
    if named in (current_user, session_user)
        or not exists (
            select from pg_roles r
            where r.rolname = named and r.rolcanlogin
              and not (r.rolsuper or r.rolcreaterole or r.rolcreatedb or r.rolreplication or r.rolbypassrls)
              and (select array_agg(distinct g.rolname) from pg_auth_members m join pg_roles g on g.oid = m.roleid where m.member = r.oid) = array[name 'ledger_auditor']
              and not exists (
                  select from pg_shdepend d
                  where d.refclassid = 'pg_authid'::regclass and d.refobjid = r.oid and d.deptype in ('o', 'a')
                    -- Who may not connect is no auditor: that right alone is one's own.
                    and not (d.deptype = 'a' and d.classid = 'pg_database'::regclass and d.objid = (select oid from pg_database where datname = current_database()))))
    then
        raise exception 'The role % is not an auditor and nothing else.', named using errcode = 'LG003';
    end if;
    if secret is not null then
        execute format('alter role %I password %L', named, secret);
    end if;
end $$;
