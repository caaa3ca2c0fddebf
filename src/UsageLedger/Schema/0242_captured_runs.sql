-- The correlations of runs: usage that was recorded under one of them was polled, all other usage of a source was pushed.
create table read.captured_runs (
    tenant_id      varchar not null,
    correlation_id varchar not null,
    constraint captured_runs_key primary key (tenant_id, correlation_id)
);
