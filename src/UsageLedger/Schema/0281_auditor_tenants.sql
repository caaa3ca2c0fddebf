-- The tenants of whoever logged in: session_user stays what it was, whatever the session sets afterwards.
create function ledger.auditor_tenants() returns varchar[]
language sql stable security definer set search_path = pg_catalog as $$
    select coalesce(array_agg(a.tenant_id), '{}') from ledger.auditors a where a.role_name = session_user
$$;
