-- The second wall between tenants: a role that does not own the read models sees of each the rows of its own tenants only,
-- whatever its query says. Repeating it changes nothing; a schema file that adds a read table calls it.
create function ledger.protect_read_tables() returns void language plpgsql as $$
declare t name;
begin
    for t in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'read'::regnamespace and c.relkind = 'r'
          and not exists (select from pg_policies p where p.schemaname = 'read' and p.tablename = c.relname and p.policyname = 'own_tenants')
    loop
        execute format('alter table read.%I enable row level security', t);
        execute format('create policy own_tenants on read.%I for select using (tenant_id = any ((select ledger.auditor_tenants())::varchar[]))', t);
    end loop;
end $$;
