-- The role that reads reports. Roles belong to the whole server, and making one may be an administrator's business:
-- 'ledger auditors' says then what to run.
do $$
begin
    if not exists (select from pg_roles where rolname = 'ledger_auditor') then
        create role ledger_auditor nologin;
    end if;
exception when insufficient_privilege or duplicate_object or unique_violation then
    null;
end $$;
