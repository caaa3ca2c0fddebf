-- Which tenants a database role of an auditor sees.
create table ledger.auditors (
    role_name name    not null,
    tenant_id varchar not null,
    constraint auditors_pkey primary key (role_name, tenant_id)
);
