using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Benchmarks;

/// <summary>What appending is to raw COPY when the log is small, and when it is twenty times as long.</summary>
internal static class GrowthBench
{
    private const int Growth = 20;
    private const int Slices = 5;
    private const int SliceEvents = 50_000;

    private const string Limit = RawCopy.LimitOfTheLog + "; the median of five turns";

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchCluster cluster, int total)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        var filled = await AppendBench.FillAsync(database, 0, total);
        var (small, next) = await MeasureAsync(database, $"append at {total:#,0}", filled);
        filled = await AppendBench.FillAsync(database, next, Growth * total);
        var (large, _) = await MeasureAsync(database, $"append at {Growth * total:#,0}", filled);
        return [small, large];
    }

    private static async Task<(BenchResult Result, int Next)> MeasureAsync(NpgsqlDataSource database, string name, int from)
    {
        var latencies = new List<double>();
        var turns = new List<(double Rate, double Raw)>();
        for (var slice = 0; slice < Slices; slice++, from += SliceEvents)
        {
            var before = await RawCopy.IntoTheLogAsync(database, slice * SliceEvents, SliceEvents);
            var rate = await AppendBench.AppendAsync(database, from, SliceEvents, latencies);
            turns.Add((rate, (before + await RawCopy.IntoTheLogAsync(database, slice * SliceEvents, SliceEvents)) / 2));
        }

        var (median, raw) = turns.OrderBy(turn => turn.Rate / turn.Raw).ElementAt(Slices / 2);
        latencies.Sort();
        return (new BenchResult(
            name, median, raw, Limit, BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), null, from), from);
    }
}
