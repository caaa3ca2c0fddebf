using Npgsql;
using UsageLedger.Anomalies;
using UsageLedger.Attributing;
using UsageLedger.Collecting.Runs;
using UsageLedger.Coverage;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Reads the figures that a close looks at.</summary>
internal static class CloseFiguresRead
{
    /// <summary>A price can still come where a source is configured to bring it; the last that was said of the usage tells whose it is.</summary>
    private const string SelectPending = """
        select count(*)
        from read.pending_costs p
        join ledger.mt_streams s on s.tenant_id = p.tenant_id and s.id = 'source-' || p.source
        cross join lateral (
            select coalesce(e.data -> 'current', e.data) ->> 'clientId' as client_id
            from ledger.mt_events e
            where e.seq_id = coalesce(
                (select max(l.seq_id) from ledger.log_subjects l where l.subject = p.usage),
                (select f.seq_id from ledger.mt_events f where f.id = p.usage))) told
        where p.tenant_id = $1 and p.occurred_at >= $3 and p.occurred_at < $4 and told.client_id = $2
        """;

    /// <summary>
    /// Unattributed usage can be the client's if a configured source brought it under a key and a mapping gives the client usage of that
    /// provider. Keys are known without their times and times without keys, so the lesser of the two counts stands for both.
    /// </summary>
    private const string SelectUnattributed = """
        with mapped as materialized (
            select distinct e.data ->> 'provider' as provider
            from ledger.log_types t join ledger.mt_events e on e.seq_id = t.seq_id
            where t.type = 'mapping_set' and e.tenant_id = $1 and e.data ->> 'clientId' = $2),
        keyed as (
            select u.provider, sum(u.records) as records
            from read.unattributed_usage u
            join mapped m on m.provider = u.provider
            join ledger.mt_streams s on s.tenant_id = u.tenant_id and s.id = 'source-' || u.source
            where u.tenant_id = $1 and u.key is not null and u.records > 0 and u.first_seen < $4 and u.last_seen >= $3
            group by u.provider)
        select coalesce(sum(least(k.records, b.records)), 0)::bigint
        from keyed k
        cross join lateral (
            select coalesce(sum(b.records), 0) as records
            from read.usage_buckets b
            where b.tenant_id = $1 and b.client_id is null and b.provider = k.provider and b.quarter_hour >= $3 and b.quarter_hour < $4) b
        """;

    /// <summary>What the lines are read of.</summary>
    public static readonly string[] OfLines = [CycleAggregates.ProjectionName];

    /// <summary>What each figure is read of.</summary>
    private static readonly IReadOnlyList<(string Figure, string[] Projections)> OfFigures =
    [
        (CloseFigures.PendingCostsName, [PendingCosts.ProjectionName]),
        (CloseFigures.UnattributedName, [UnattributedUsage.ProjectionName, UsageBuckets.ProjectionName]),
        (CloseFigures.CoverageName, [CapturedUsage.ProjectionName]),
        (CloseFigures.OpenAnomaliesName, [AnomalyRows.ProjectionName]),
    ];

    /// <summary>What must have come to the head of the log before the figures are its.</summary>
    public static readonly string[] Projections = [.. OfLines, .. OfFigures.SelectMany(figure => figure.Projections)];

    /// <summary>The figures whose read models do not hold the position.</summary>
    public static async Task<IReadOnlyList<string>> UnknownAsync(ReadModels models, long position, CancellationToken ct)
    {
        var unknown = new List<string>();
        foreach (var (figure, projections) in OfFigures)
        {
            if (!await models.HoldAsync(position, projections, ct))
            {
                unknown.Add(figure);
            }
        }

        return unknown;
    }

    public static async Task<CloseFigures> ReadAsync(NpgsqlDataSource database, string tenant, string clientId, Cycle cycle, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        var pending = await CountAsync(connection, SelectPending, tenant, clientId, cycle, ct);
        var unattributed = await CountAsync(connection, SelectUnattributed, tenant, clientId, cycle, ct);
        var anomalies = await AnomalyReads.OpenAsync(connection, tenant, clientId, cycle.Start, cycle.End, ct);
        var coverage = await CoverageReads.OfCycleAsync(connection, tenant, clientId, cycle.Start, cycle.End, ct);
        return new CloseFigures(pending, unattributed, coverage, anomalies);
    }

    /// <summary>For the count of the cycle's usage that a mapping could still make the client's.</summary>
    internal static NpgsqlBatchCommand AskUnattributed(string tenant, string clientId, Cycle cycle) => new(SelectUnattributed)
    {
        Parameters = { new() { Value = tenant }, new() { Value = clientId }, Columns.Of(cycle.Start), Columns.Of(cycle.End) },
    };

    private static async Task<long> CountAsync(NpgsqlConnection connection, string sql, string tenant, string clientId, Cycle cycle, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = tenant }, new() { Value = clientId }, Columns.Of(cycle.Start), Columns.Of(cycle.End) },
        };
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }
}
