using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Reporting;

/// <summary>Usage by quarter hour, hour and day of its occurrence, wherever it was booked, and how much of it came hours later.</summary>
public sealed class UsageBuckets : IProjection
{
    public const string ProjectionName = "usage_buckets";

    /// <summary>What comes hours after it occurred is told apart by the hour in which it came; what only moves then, by a mapping, had come before. The groups are few.</summary>
    private const string Advance = """
        with summed as materialized (
            select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency,
                   date_bin('15 minutes', occurred_at, timestamptz '2000-01-01 00:00:00+00') as quarter_hour,
                   case when records = 1 and revised = 0 and recorded_at >= occurred_at + interval '3 hours'
                             and event_position not in (select s.seq_id from ledger.log_subjects s where s.seq_id > $1 and s.seq_id <= $2)
                        then date_bin('1 hour', recorded_at, timestamptz '2000-01-01 00:00:00+00') end as late_hour,
                   sum(quantity) as quantity, coalesce(sum(cost), 0) as cost, sum(records) as records, sum(pending) as pending
            from ledger.usage_deltas($1, $2)
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10),
        late as (
            insert into late_usage as t (tenant_id, client_id, provider, metric, agent_id, unit, currency, hour, line, records)
            select tenant_id, client_id, provider, metric, agent_id, unit, currency, late_hour,
                   ledger.usage_line(provider, metric, agent_id, unit, currency), sum(records)
            from summed where late_hour is not null
            group by 1, 2, 3, 4, 5, 6, 7, 8
            on conflict (tenant_id, client_id, hour, line) do update set records = t.records + excluded.records),
        quarters as materialized (
            select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, quarter_hour,
                   ledger.usage_line(provider, metric, agent_id, resource_id, unit, currency) as line,
                   sum(quantity) as quantity, sum(cost) as cost, sum(records) as records, sum(pending) as pending
            from summed
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9),
        hours as (
            insert into usage_hours as t (
                tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, hour, line, quantity, cost, records)
            select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency,
                   date_bin('1 hour', quarter_hour, timestamptz '2000-01-01 00:00:00+00'), line, sum(quantity), sum(cost), sum(records)
            from quarters
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
            on conflict (tenant_id, client_id, hour, line) do update
            set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost, records = t.records + excluded.records),
        days as (
            insert into usage_days as t (
                tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, day, line, quantity, cost, records)
            select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency,
                   date_bin('1 day', quarter_hour, timestamptz '2000-01-01 00:00:00+00'), line, sum(quantity), sum(cost), sum(records)
            from quarters
            group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
            on conflict (tenant_id, client_id, day, line) do update
            set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost, records = t.records + excluded.records)
        insert into usage_buckets as t (
            tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, quarter_hour, line, quantity, cost, records, pending)
        select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, quarter_hour, line, quantity, cost, records, pending
        from quarters
        on conflict (tenant_id, client_id, quarter_hour, line) do update
        set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost,
            records = t.records + excluded.records, pending = t.pending + excluded.pending
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["late_usage", "usage_days", "usage_hours", "usage_buckets"];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
}
