using System.Diagnostics;
using Npgsql;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Benchmarks;

/// <summary>The rebuild of the cycle aggregates, beside a plain GROUP BY over the same jsonb rows on one connection.</summary>
internal static class RebuildBench
{
    private const string OneBackend = "set max_parallel_workers_per_gather = 0; set work_mem = '64MB'";

    private const string GroupBy = """
        select count(*) from (
            select tenant_id, data ->> 'clientId', data ->> 'provider', data ->> 'metric', data ->> 'agentId', data ->> 'unit', data ->> 'currency',
                   date_trunc('month', (data ->> 'occurredAt')::timestamptz, 'UTC'),
                   sum((data ->> 'quantity')::numeric), sum((data ->> 'cost')::numeric), count(*)
            from ledger.mt_events
            where type = 'usage_recorded'
            group by 1, 2, 3, 4, 5, 6, 7, 8) as lines
        """;

    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        await AppendBench.FillAsync(database, 0, total);
        var projection = new CycleAggregates();
        await ProjectionStore.RegisterAsync(database, [projection.Name], CancellationToken.None);
        await using (var place = database.CreateCommand("update ledger.projections set position = (select position from ledger.log_head)"))
        {
            await place.ExecuteNonQueryAsync();
        }

        var before = await GroupByAsync(database, total);
        var started = Stopwatch.GetTimestamp();
        await new ProjectionRebuild(database, new ProjectionOptions()).RunAsync(projection, verify: false, progress: null, CancellationToken.None);
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var after = await GroupByAsync(database, total);
        return new BenchResult("rebuild", rate, (before + after) / 2, "GROUP BY of the same rows, one backend, mean of before and after", null, null, null, total);
    }

    private static async Task<double> GroupByAsync(NpgsqlDataSource database, int total)
    {
        await using var connection = await database.OpenConnectionAsync();
        await using var settings = new NpgsqlCommand(OneBackend, connection);
        await settings.ExecuteNonQueryAsync();
        await using var groupBy = new NpgsqlCommand(GroupBy, connection) { CommandTimeout = 0 };
        var started = Stopwatch.GetTimestamp();
        await groupBy.ExecuteScalarAsync();
        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
