-- Which rule cuts a client's time into cycles, from when until when; up to stub_until it is one cycle, left over from a change.
-- A client without a row: UTC, monthly, day 1.
create table read.cycle_calendars (
    tenant_id  varchar     not null,
    client_id  text        not null,
    from_at    timestamptz not null,
    stub_until timestamptz not null,
    until_at   timestamptz not null,
    time_zone  text        not null,
    period     text        not null,
    anchor_day integer     not null,
    constraint cycle_calendars_key primary key (tenant_id, client_id, from_at)
);
