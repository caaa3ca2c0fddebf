-- As before, and rights are looked for apart from policies.
-- The second wall between tenants. An auditor sees of each read table the rows of its own tenants, and the ledger's reader those of the
-- one tenant that its transaction is for, whatever their queries say. Repeating it changes nothing, so every host does it
-- when it starts: the roles may have come since. A schema file that adds a read table calls it.
create or replace function ledger.protect_read_tables() returns void language plpgsql as $$
declare
    t name;
    has_auditor constant boolean := exists (select from pg_roles where rolname = 'ledger_auditor');
    has_reader constant boolean := exists (select from pg_roles where rolname = 'ledger_reader');
begin
    -- Hosts that start together take turns.
    perform pg_advisory_xact_lock(hashtext('ledger.protect_read_tables'));
    for t in
        select c.relname from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
        where c.relnamespace = 'read'::regnamespace and c.relkind = 'r'
          and not exists (select from pg_policies p where p.schemaname = 'read' and p.tablename = c.relname and p.policyname = 'own_tenants')
    loop
        execute format('alter table read.%I enable row level security', t);
        execute format('create policy own_tenants on read.%I for select using (tenant_id = any ((select ledger.auditor_tenants())::varchar[]))', t);
    end loop;
    if has_auditor then
        for t in select p.tablename from pg_policies p where p.schemaname = 'read' and p.policyname = 'own_tenants' and p.roles = '{public}' loop
            execute format('alter policy own_tenants on read.%I to ledger_auditor', t);
        end loop;
    end if;
    if not has_reader then
        return;
    end if;
    for t in
        select p.tablename from pg_policies p where p.schemaname = 'read' and p.policyname = 'own_tenants'
        except select p.tablename from pg_policies p where p.schemaname = 'read' and p.policyname = 'named_tenant'
    loop
        execute format('create policy named_tenant on read.%I for select to ledger_reader using (tenant_id = current_setting(''ledger.tenant'', true))', t);
    end loop;
    for t in
        select c.relname from pg_class c
        where c.relnamespace = 'read'::regnamespace and c.relkind = 'r' and not has_table_privilege('ledger_reader', c.oid, 'select')
    loop
        execute format('grant select on read.%I to ledger_reader', t);
    end loop;
    if not exists (select from pg_policies p where p.schemaname = 'ledger' and p.tablename = 'inbox_items' and p.policyname = 'named_tenant') then
        alter table ledger.inbox_items enable row level security;
        create policy named_tenant on ledger.inbox_items for select to ledger_reader using (tenant = current_setting('ledger.tenant', true));
    end if;
    -- Policies and rights come apart where a dump is restored without the rights, so each is looked for by itself.
    for t in
        select c.relname from pg_class c
        where c.relnamespace = 'ledger'::regnamespace and not has_table_privilege('ledger_reader', c.oid, 'select')
          and c.relname in ('inbox_items', 'projections', 'mt_events', 'mt_streams', 'log_head', 'log_subjects', 'log_types')
    loop
        execute format('grant select on ledger.%I to ledger_reader', t);
    end loop;
    for t in select n.nspname from pg_namespace n where n.nspname in ('ledger', 'read') and not has_schema_privilege('ledger_reader', n.oid, 'usage') loop
        execute format('grant usage on schema %I to ledger_reader', t);
    end loop;
end $$;
