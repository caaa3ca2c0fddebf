using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Reporting;

/// <summary>Usage by quarter hour of its occurrence, wherever it was booked.</summary>
public sealed class UsageBuckets : IProjection
{
    public const string ProjectionName = "usage_buckets";

    private const string Advance = """
        insert into usage_buckets as t (
            tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency, quarter_hour, line, quantity, cost, records, pending)
        select tenant_id, client_id, provider, metric, agent_id, resource_id, unit, currency,
               date_bin('15 minutes', occurred_at, timestamptz '2000-01-01 00:00:00+00'),
               ledger.usage_line(provider, metric, agent_id, resource_id, unit, currency),
               sum(quantity), coalesce(sum(cost), 0), sum(records), sum(pending)
        from ledger.usage_deltas($1, $2)
        group by 1, 2, 3, 4, 5, 6, 7, 8, 9
        on conflict (tenant_id, client_id, quarter_hour, line) do update
        set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost,
            records = t.records + excluded.records, pending = t.pending + excluded.pending
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["usage_buckets"];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
}
