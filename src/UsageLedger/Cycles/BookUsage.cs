namespace UsageLedger.Cycles;

/// <summary>
/// Books usage into cycles, one statement over a range. Each client's boundaries around the range are gathered into an
/// array, in which width_bucket finds an instant's cycle. What belongs to a cycle that had closed before the event goes,
/// as an adjustment, to the cycle of its recording, or to the next one that is open: a closed cycle never changes. Boundaries that closed
/// cycles hold elsewhere than the rule are looked for within two days, which is more than a time zone ever moved.
/// </summary>
internal static class BookUsage
{
    /// <summary>All streams, positions after $1 up to $2.</summary>
    public const string OfRange =
        "with d as materialized (select * from ledger.usage_deltas($1, $2) where client_id is not null)," + Calendar + Booked + Add;

    /// <summary>Stream $2 of tenant $1, versions after $3, positions up to $4.</summary>
    public const string OfStream = Stream + Calendar + Booked + Add;

    /// <summary>As <see cref="OfStream"/>, but only rows that do not exist: those of closed cycles stay as they are.</summary>
    public const string MissingOfStream = Stream + Calendar + Booked + Insert + " on conflict do nothing";

    /// <summary>Takes back what <see cref="OfStream"/> has booked, as long as no other cycle has closed since.</summary>
    public const string TakeOfStream = Stream + Calendar + Booked + """
        ,
        taken (tenant_id, client_id, cycle_start, origin_start, provider, metric, agent_id, unit, currency, line,
               quantity, cost, records, pending, revised, voided, first_at, last_at, prices) as (
            select * from booked union all select * from late),
        emptied as (
            delete from cycle_aggregates t using taken s
            where t.tenant_id = s.tenant_id and t.client_id = s.client_id and t.cycle_start = s.cycle_start
              and t.origin_start is not distinct from s.origin_start and t.line = s.line
              and (t.quantity, t.cost, t.records, t.pending, t.revised, t.voided) = (s.quantity, s.cost, s.records, s.pending, s.revised, s.voided))
        update cycle_aggregates t
        set quantity = t.quantity - s.quantity, cost = t.cost - s.cost, records = t.records - s.records,
            pending = t.pending - s.pending, revised = t.revised - s.revised, voided = t.voided - s.voided
        from taken s
        where t.tenant_id = s.tenant_id and t.client_id = s.client_id and t.cycle_start = s.cycle_start
          and t.origin_start is not distinct from s.origin_start and t.line = s.line
          and (t.quantity, t.cost, t.records, t.pending, t.revised, t.voided) <> (s.quantity, s.cost, s.records, s.pending, s.revised, s.voided)
        """;

    /// <summary>
    /// Of cycle $5 what <see cref="OfStream"/> says of first, last and prices: what was taken back may have moved them, and cannot move them back.
    /// </summary>
    public const string ExtentOfStream = Stream + Calendar + Booked + """
        ,
        told (tenant_id, client_id, cycle_start, origin_start, provider, metric, agent_id, unit, currency, line,
              quantity, cost, records, pending, revised, voided, first_at, last_at, prices) as (
            select * from booked union all select * from late)
        update cycle_aggregates t
        set first_at = s.first_at, last_at = s.last_at, prices = s.prices
        from told s
        where t.cycle_start = $5 and t.tenant_id = s.tenant_id and t.client_id = s.client_id and t.cycle_start = s.cycle_start
          and t.origin_start is not distinct from s.origin_start and t.line = s.line
        """;

    private const string Stream =
        "with d as materialized (select * from ledger.usage_deltas_of($1, $2, $3, $4) where client_id is not null),";

    private const string Calendar = """

        span as (
            select tenant_id, client_id,
                   least(min(occurred_at), min(recorded_at)) as low, greatest(max(occurred_at), max(recorded_at)) as high
            from d group by tenant_id, client_id),
        rule as materialized (
            select s.tenant_id, s.client_id, s.low - interval '2 days' as low,
                   greatest(s.high, (select max(z.cycle_start) from cycle_closings z where z.tenant_id = s.tenant_id and z.client_id = s.client_id))
                       + interval '2 days' as high,
                   coalesce(c.from_at, '-infinity') as from_at, coalesce(c.stub_until, '-infinity') as stub_until,
                   coalesce(c.until_at, 'infinity') as until_at,
                   coalesce(c.time_zone, 'UTC') as time_zone, coalesce(c.period, 'monthly') as period, coalesce(c.anchor_day, 1) as anchor_day
            from span s
            left join cycle_calendars c on c.tenant_id = s.tenant_id and c.client_id = s.client_id),
        cycle as (
            select distinct r.tenant_id, r.client_id, coalesce(m.starts, at.starts) as starts
            from rule r
            join cycle_boundaries b on b.time_zone = r.time_zone and b.period = r.period and b.anchor_day = r.anchor_day
                and b.starts <= r.high and b.starts < r.until_at and b.ends > r.low and b.ends > r.from_at
            cross join lateral (values
                (case when b.starts < r.stub_until then r.from_at else b.starts end),
                (case when b.ends < r.stub_until then r.from_at else least(b.ends, r.until_at) end)) as at (starts)
            left join cycle_moves m on m.tenant_id = r.tenant_id and m.client_id = r.client_id and m.rule_starts = at.starts),
        calendar as (
            select y.tenant_id, y.client_id, array_agg(y.starts order by y.starts) as starts, array_agg(z.as_of order by y.starts) as closed_as_of
            from cycle y
            left join cycle_closings z on z.tenant_id = y.tenant_id and z.client_id = y.client_id and z.cycle_start = y.starts
            group by y.tenant_id, y.client_id),
        """;

    private const string Booked = """

        priced as (
            select d.tenant_id, d.client_id, k.starts[width_bucket(d.occurred_at, k.starts)] as cycle_start,
                   d.provider, d.metric, d.agent_id, d.unit, d.currency, case when d.records > 0 then d.unit_cost end as price,
                   sum(d.quantity) as quantity, sum(d.cost) as cost, sum(d.records) as records, sum(d.pending) as pending, sum(d.revised) as revised,
                   sum(d.voided) as voided, min(case when d.records > 0 then d.occurred_at end) as first_at, max(case when d.records > 0 then d.occurred_at end) as last_at
            from d join calendar k on k.tenant_id = d.tenant_id and k.client_id = d.client_id
            where coalesce(k.closed_as_of[width_bucket(d.occurred_at, k.starts)] >= d.event_position, true)
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9),
        booked as (
            select tenant_id, client_id, cycle_start, null::timestamptz, provider, metric, agent_id, unit, currency,
                   ledger.usage_line(provider, metric, agent_id, unit, currency),
                   sum(quantity), coalesce(sum(cost), 0), sum(records), sum(pending), sum(revised), sum(voided),
                   min(first_at), max(last_at), (array_agg(distinct price order by price) filter (where price is not null))[1:32]
            from priced
            group by 1, 2, 3, 5, 6, 7, 8, 9),
        late as (
            select d.tenant_id, d.client_id,
                   k.starts[case when coalesce(k.closed_as_of[w.recording] >= d.event_position, true) then w.recording else (
                       select min(i) from generate_subscripts(k.starts, 1) i
                       where i > w.recording and coalesce(k.closed_as_of[i] >= d.event_position, true)) end],
                   k.starts[w.own], d.provider, d.metric, d.agent_id, d.unit, d.currency,
                   ledger.usage_line(d.provider, d.metric, d.agent_id, d.unit, d.currency),
                   sum(d.quantity), coalesce(sum(d.cost), 0), count(distinct d.event_position), sum(d.pending), sum(d.revised), sum(d.voided),
                   min(d.occurred_at) filter (where d.records > 0), max(d.occurred_at) filter (where d.records > 0),
                   (array_agg(distinct d.unit_cost order by d.unit_cost) filter (where d.unit_cost is not null and d.records > 0))[1:32]
            from d join calendar k on k.tenant_id = d.tenant_id and k.client_id = d.client_id
            cross join lateral (select width_bucket(d.occurred_at, k.starts) as own, width_bucket(d.recorded_at, k.starts) as recording) w
            where exists (select from calendar any_closed where array_remove(any_closed.closed_as_of, null) <> '{}')
              and k.closed_as_of[w.own] < d.event_position
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9)
        """;

    private const string Insert = """

        insert into cycle_aggregates as t (
            tenant_id, client_id, cycle_start, origin_start, provider, metric, agent_id, unit, currency, line,
            quantity, cost, records, pending, revised, voided, first_at, last_at, prices)
        select * from booked union all select * from late
        """;

    private const string Add = Insert + """

        on conflict (tenant_id, client_id, cycle_start, origin_start, line) do update
        set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost, records = t.records + excluded.records,
            pending = t.pending + excluded.pending, revised = t.revised + excluded.revised, voided = t.voided + excluded.voided,
            first_at = least(t.first_at, excluded.first_at), last_at = greatest(t.last_at, excluded.last_at),
            prices = case when excluded.prices is null or t.prices @> excluded.prices then t.prices else (
                select array_agg(p.price order by p.price)
                from (select distinct unnest(t.prices || excluded.prices) as price order by 1 limit 32) p) end
        """;
}
