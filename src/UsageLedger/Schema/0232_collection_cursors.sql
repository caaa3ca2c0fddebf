-- How far each source has been collected without a gap: the end of completed runs that begin no later than where the ones before ended.
create table read.collection_cursors (
    tenant_id         varchar     not null,
    source_id         text        not null,
    cursor_at         timestamptz not null,
    last_completed_at timestamptz not null,
    constraint collection_cursors_key primary key (tenant_id, source_id)
);
