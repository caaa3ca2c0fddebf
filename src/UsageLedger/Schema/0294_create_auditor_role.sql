-- Makes the login of an auditor, by whoever may make roles; false: it was there. A role that is not an auditor's is left alone.
create function ledger.create_auditor_role(named name, secret text) returns boolean language plpgsql as $$
begin
    if exists (select from pg_roles where rolname = named) then
        if not exists (
            select from pg_auth_members m
            where m.member = (select oid from pg_roles where rolname = named) and m.roleid = (select oid from pg_roles where rolname = 'ledger_auditor'))
        then
            raise exception 'The role % exists and is not an auditor.', named using errcode = 'LG001';
        end if;
        return false;
    end if;
    if not exists (select from pg_roles where rolname = 'ledger_auditor') then
        create role ledger_auditor nologin;
    end if;
    execute format('create role %I login connection limit 5 password %L in role ledger_auditor', named, secret);
    execute format('alter role %I set default_transaction_read_only = on', named);
    execute format('alter role %I set statement_timeout = ''10min''', named);
    return true;
end $$;
