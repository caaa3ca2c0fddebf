-- What came of each source's metrics by the hour of its occurrence, by the way on which it came first. Usage that was voided stays in it,
-- for the vendor told it. A remainder counts as many as it stands for.
create table read.captured_hours (
    tenant_id varchar     not null,
    source    text        not null,
    metric    text        not null,
    hour      timestamptz not null,
    currency  text        not null,
    pushed    numeric     not null,
    polled    numeric     not null,
    cost      numeric     not null,
    constraint captured_hours_key primary key (tenant_id, source, metric, hour, currency)
);
