-- How far each stream of unattributed usage was held against the tenant's mappings: up to a version of the stream, in a
-- pass that began when the stream of mappings had the version noted. Losing a row costs one pass more, nothing else.
create table ledger.reattributions (
    tenant_id varchar not null,
    stream_id varchar not null,
    mappings  bigint  not null,
    version   bigint  not null,
    constraint reattributions_pkey primary key (tenant_id, stream_id)
);
