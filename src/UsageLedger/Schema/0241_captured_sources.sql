-- Sources as collecting began with them: since_at is when the source was configured, or the start of its earliest completed run.
create table read.captured_sources (
    tenant_id varchar     not null,
    source_id text        not null,
    provider  text        not null,
    since_at  timestamptz not null,
    constraint captured_sources_key primary key (tenant_id, source_id)
);
