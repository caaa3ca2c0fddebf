using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// What was told of the sources' usage and how: by hour and metric, by client and day, and of OpenRouter, where the vendor's totals tell
/// what is missing, by day, key, model and metric. What runs and vendors say of whole hours and days stands beside it, so that both are of one position.
/// </summary>
public sealed class CapturedUsage : IProjection
{
    public const string ProjectionName = "captured_usage";

    /// <summary>
    /// What the sources' usage was, each leg of a revision or move with its sign. Whether a revised usage was polled at first matters only where
    /// it is counted anew; then its first event tells. A void takes nothing: what somebody took out on purpose is not missing.
    /// </summary>
    private const string Told = """
        with told as materialized (
            select u.tenant_id, u.source, u.sign, u.polled, u.state ->> 'clientId' as client_id, u.state ->> 'metric' as metric, u.state ->> 'currency' as currency,
                   (u.state ->> 'occurredAt')::timestamptz as occurred_at, (u.state ->> 'quantity')::numeric as quantity, (u.state ->> 'cost')::numeric as cost,
                   u.state -> 'attributes' ? 'remainder' as is_remainder, case when u.state -> 'attributes' ? 'remainder'
                       then least(greatest(round((u.state ->> 'quantity')::numeric), -1e9), 1e9) else 1 end as stands_for,
                   u.state ->> 'idempotencyKey' as idempotency_key, u.state ->> 'provider' as provider,
                   u.state -> 'attributes' ->> 'mapping.apikey' as api_key, u.state ->> 'resourceId' as resource_id,
                   u.state -> 'attributes' ->> 'byokCost' as byok_cost
            from (
                select e.tenant_id, c.source_id as source, 1 as sign, r.correlation_id is not null as polled, e.data as state
                from ledger.mt_events e
                join captured_sources c on c.tenant_id = e.tenant_id and c.source_id = e.data ->> 'source'
                left join captured_runs r on r.tenant_id = e.tenant_id and r.correlation_id = e.correlation_id
                where e.seq_id > $1 and e.seq_id <= $2 and e.type = 'usage_recorded'
                union all
                select e.tenant_id, c.source_id, s.sign, case
                           when date_bin('1 hour', (e.data -> 'previous' ->> 'occurredAt')::timestamptz, timestamptz '2000-01-01 00:00:00+00')
                                <> date_bin('1 hour', (e.data -> 'current' ->> 'occurredAt')::timestamptz, timestamptz '2000-01-01 00:00:00+00')
                             or e.data -> 'previous' ->> 'metric' <> e.data -> 'current' ->> 'metric' or s.state -> 'attributes' ? 'remainder'
                           then coalesce((
                               select true from ledger.mt_events o
                               join captured_runs r on r.tenant_id = o.tenant_id and r.correlation_id = o.correlation_id
                               where o.id = l.subject limit 1), false)
                           else false end, s.state
                from ledger.log_subjects l
                join ledger.mt_events e on e.seq_id = l.seq_id
                cross join lateral (values (-1, e.data -> 'previous'), (1, e.data -> 'current')) as s (sign, state)
                join captured_sources c on c.tenant_id = e.tenant_id and c.source_id = s.state ->> 'source'
                where l.seq_id > $1 and l.seq_id <= $2 and e.type in ('usage_revised', 'usage_attributed')
                  and e.stream_id = coalesce('client-' || (s.state ->> 'clientId'), 'unattributed-' || (s.state ->> 'source'))) u),
        """;

    /// <summary>What came and went within one range leaves a row of zeros, as it does when the range is cut between: a rebuild cuts elsewhere.</summary>
    private const string Hours = """

        hours as (
            insert into captured_hours as t (tenant_id, source, metric, hour, currency, pushed, polled, cost)
            select tenant_id, source, metric, date_bin('1 hour', occurred_at, timestamptz '2000-01-01 00:00:00+00'), currency,
                   coalesce(sum(sign * stands_for) filter (where not polled), 0),
                   coalesce(sum(sign * stands_for) filter (where polled), 0),
                   coalesce(sum(sign * cost), 0)
            from told
            group by 1, 2, 3, 4, 5
            on conflict (tenant_id, source, metric, hour, currency) do update
            set pushed = t.pushed + excluded.pushed, polled = t.polled + excluded.polled, cost = t.cost + excluded.cost),
        clients as (
            insert into captured_clients as t (tenant_id, client_id, source, day, records, duplicates)
            select tenant_id, client_id, source, (occurred_at at time zone 'UTC')::date, sum(sign), 0
            from told where client_id is not null
            group by 1, 2, 3, 4
            on conflict (tenant_id, client_id, source, day) do update set records = t.records + excluded.records),
        of_hours as (
            select tenant_id, source, (occurred_at at time zone 'UTC')::date as day, metric,
                   extract(hour from occurred_at at time zone 'UTC')::integer as hour, sum(sign * stands_for)::bigint as records
            from told
            group by 1, 2, 3, 4, 5),
        of_days as (
            insert into captured_days as t (tenant_id, source, day, metric, records, hours)
            select d.tenant_id, d.source, d.day, d.metric, coalesce(sum(h.records), 0), array_agg(coalesce(h.records, 0) order by n.hour)
            from (select distinct tenant_id, source, day, metric from of_hours) d
            cross join generate_series(0, 23) as n (hour)
            left join of_hours h on h.tenant_id = d.tenant_id and h.source = d.source and h.day = d.day and h.metric = d.metric and h.hour = n.hour
            group by 1, 2, 3, 4
            on conflict (tenant_id, source, day, metric) do update
            set records = t.records + excluded.records,
                hours = array(select a.had + a.came from unnest(t.hours, excluded.hours) with ordinality as a (had, came, hour) order by a.hour)),
        to_judge as (
            insert into days_to_judge (tenant_id, source_id, day)
            select distinct h.tenant_id, h.source, h.day
            from of_hours h join vendor_days v on v.tenant_id = h.tenant_id and v.source_id = h.source and v.day = h.day)
        """;

    /// <summary>Only what the collector told, by its keys; a remainder must not come back for what somebody took out.</summary>
    private const string Days = """

        insert into captured_usage as t (
            tenant_id, source, day, api_key, resource_id, metric, currency, remainder, line, quantity, cost, byok_cost, records, pending)
        select d.tenant_id, d.source, d.day, d.api_key, d.resource_id, d.metric, d.currency, d.remainder,
               ledger.usage_line(d.api_key, d.resource_id, d.metric, d.currency, d.remainder),
               sum(d.sign * d.quantity), coalesce(sum(d.sign * d.cost), 0), sum(d.sign * ledger.told_amount(d.byok_cost)), sum(d.sign),
               sum(d.sign * (d.cost is null)::integer)
        from (
            select *, (occurred_at at time zone 'UTC')::date as day, case when is_remainder then idempotency_key end as remainder
            from told where provider = 'openrouter' and idempotency_key ~ '^(generation|activity):') d
        group by 1, 2, 3, 4, 5, 6, 7, 8
        on conflict (tenant_id, source, day, line) do update
        set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost, byok_cost = t.byok_cost + excluded.byok_cost,
            records = t.records + excluded.records, pending = t.pending + excluded.pending
        """;

    private const string Advance = Told + Hours + Days;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } =
    [
        "captured_usage", "captured_sources", "captured_runs", "captured_hours", "captured_clients", "coverage_hours", "vendor_totals",
        "captured_days", "coverage_days", "vendor_days", "days_to_judge",
    ];

    public IReadOnlyList<string> FoldedTypes { get; } =
        [EventTypes.SourceConfigured, EventTypes.CollectionStarted, EventTypes.CollectionCompleted, EventTypes.VendorTotalsReported];

    public async Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct)
    {
        await RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
        await JudgedDays.KeepAsync(connection, ct);
    }

    public Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct) => CapturedFolds.RunAsync(connection, stored, ct);
}
