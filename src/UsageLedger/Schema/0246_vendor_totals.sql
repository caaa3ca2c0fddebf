-- What vendors add up themselves, as they said it last of each UTC day; of an hour of it if at is set.
create table read.vendor_totals (
    tenant_id varchar     not null,
    source_id text        not null,
    day       date        not null,
    line      integer     not null,
    at        timestamptz,
    category  text        not null,
    metric    text,
    records   bigint,
    quantity  numeric,
    unit      text,
    cost      numeric,
    currency  text        not null,
    as_of     timestamptz not null,
    constraint vendor_totals_key primary key (tenant_id, source_id, day, line)
);
