using System.Diagnostics;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>What appending is to raw COPY when the log is small, and when it is twenty times as long.</summary>
internal static class GrowthBench
{
    private const int Growth = 20;
    private const int Slices = 5;
    private const int SliceEvents = 50_000;
    private const int FillEvents = 200_000;

    /// <summary>Rows of the raw limit are numbered from here, so that none is ever the ledger's.</summary>
    private const int RawFrom = 1_000_000_000;

    private const string Limit = "COPY of as many rows into the ledger's own table, on disk and not kept; the median of five turns";

    /// <summary>A commit, and so a wait until all that was written before it is on disk.</summary>
    private const string Flush = "select pg_logical_emit_message(true, 'bench', '')";

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchCluster cluster, int total)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        var filled = await FillAsync(database, 0, total);
        var (small, next) = await MeasureAsync(database, $"append at {total:#,0}", filled);
        filled = await FillAsync(database, next, Growth * total);
        var (large, _) = await MeasureAsync(database, $"append at {Growth * total:#,0}", filled);
        return [small, large];
    }

    private static async Task<int> FillAsync(NpgsqlDataSource database, int from, int upTo)
    {
        for (; from < upTo; from += FillEvents)
        {
            await AppendBench.AppendAsync(database, from, Math.Min(FillEvents, upTo - from), []);
        }

        return upTo;
    }

    private static async Task<(BenchResult Result, int Next)> MeasureAsync(NpgsqlDataSource database, string name, int from)
    {
        var latencies = new List<double>();
        var turns = new List<(double Rate, double Raw)>();
        for (var slice = 0; slice < Slices; slice++, from += SliceEvents)
        {
            var before = await RawAsync(database, slice);
            var rate = await AppendBench.AppendAsync(database, from, SliceEvents, latencies);
            turns.Add((rate, (before + await RawAsync(database, slice)) / 2));
        }

        var (median, raw) = turns.OrderBy(turn => turn.Rate / turn.Raw).ElementAt(Slices / 2);
        latencies.Sort();
        return (new BenchResult(
            name, median, raw, Limit, BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), null, from), from);
    }

    /// <summary>Rows per second into the same table, heap and indexes as full as they are; nothing stays of it.</summary>
    private static async Task<double> RawAsync(NpgsqlDataSource database, int slice)
    {
        using var rows = new MemoryStream();
        await using (var writer = EventCopy.To(rows))
        {
            var number = RawFrom + (slice * SliceEvents);
            foreach (var request in BenchRows.Requests(number, number + SliceEvents, SliceEvents))
            {
                foreach (var item in request.Items)
                {
                    await writer.WriteAsync(new PlannedEvent(item.WhenNew!, request, ++number, number), 0);
                }
            }

            await writer.CompleteAsync();
        }

        await using var connection = await database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            await using (var copy = await connection.BeginRawBinaryCopyAsync(EventCopy.Command))
            {
                rows.Position = 0;
                await rows.CopyToAsync(copy, 64 * 1024);
            }

            await transaction.RollbackAsync();
        }

        await using (var flush = new NpgsqlCommand(Flush, connection))
        {
            await flush.ExecuteNonQueryAsync();
        }

        return SliceEvents / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
