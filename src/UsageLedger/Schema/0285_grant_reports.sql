-- Lets auditors read what reports are made of, once their role is there. Repeating it changes nothing; a schema file that adds
-- a report calls it.
create function ledger.grant_reports() returns void language plpgsql as $$
begin
    if exists (select from pg_roles where rolname = 'ledger_auditor') then
        grant usage on schema reports, read to ledger_auditor;
        grant select on all tables in schema reports to ledger_auditor;
        grant select on all tables in schema read to ledger_auditor;
    end if;
end $$;
