-- Puts the rebuilt tables in the place of the old ones. Readers see the one or the other, never neither, and who could read
-- the old ones reads the new ones: grants, row-level security and its policies move along.
create or replace function ledger.end_rebuild(tables text[]) returns void language plpgsql as $$
declare
    t text;
    grantee record;
    policy record;
    secured boolean;
begin
    foreach t in array tables loop
        for grantee in
            select a.grantee, a.privilege_type, a.is_grantable
            from pg_class c cross join lateral aclexplode(c.relacl) a
            where c.oid = format('read.%I', t)::regclass and a.grantee <> c.relowner
        loop
            execute format('grant %s on read_next.%I to %s %s', grantee.privilege_type, t,
                case grantee.grantee when 0 then 'public' else quote_ident(pg_get_userbyid(grantee.grantee)) end,
                case when grantee.is_grantable then 'with grant option' else '' end);
        end loop;
        for policy in select * from pg_policies p where p.schemaname = 'read' and p.tablename = t loop
            execute format('create policy %I on read_next.%I as %s for %s to %s %s %s', policy.policyname, t, policy.permissive, policy.cmd,
                (select string_agg(case r when 'public' then 'public' else quote_ident(r) end, ', ') from unnest(policy.roles) r),
                'using (' || policy.qual || ')', 'with check (' || policy.with_check || ')');
        end loop;
        select c.relrowsecurity into secured from pg_class c where c.oid = format('read.%I', t)::regclass;
        if secured then
            execute format('alter table read_next.%I enable row level security', t);
        end if;
        execute format('drop table read.%I', t);
        execute format('alter table read_next.%I set schema read', t);
    end loop;
end $$;
