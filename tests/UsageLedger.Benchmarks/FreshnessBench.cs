using System.Diagnostics;
using Npgsql;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Benchmarks;

/// <summary>From sending an event to its being in the cycle aggregates, at 5,000 events a second by HTTP in batches of 100.</summary>
internal static class FreshnessBench
{
    private const int BatchRecords = 100;
    private const int PerSecond = 5_000;
    private const int SecondsMax = 30;
    private static readonly TimeSpan BatchEvery = TimeSpan.FromSeconds((double)BatchRecords / PerSecond);
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan SettleWithin = TimeSpan.FromSeconds(30);

    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total)
    {
        total = Math.Min(total / 4, PerSecond * SecondsMax);
        var connectionString = await cluster.DatabaseAsync();
        await using var database = LogDatabase.Open(connectionString, "bench");
        await using var host = await BenchHost.StartAsync(cluster, connectionString);
        var watch = new Watch(database);
        var watching = watch.RunAsync();
        var started = Stopwatch.GetTimestamp();
        var sending = new List<Task>();
        foreach (var (i, body) in BenchRows.Bodies(0, total, BatchRecords).Index())
        {
            var due = (i * BatchEvery) - Stopwatch.GetElapsedTime(started);
            if (due > TimeSpan.Zero)
            {
                await Task.Delay(due);
            }

            sending.Add(SendAsync(host, watch, body));
        }

        await Task.WhenAll(sending);
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        watch.Finish(total);
        await watching.WaitAsync(SettleWithin);
        watch.LatenciesMs.Sort();
        return new BenchResult(
            "freshness", rate, PerSecond, "the rate offered",
            BenchResult.Percentile(watch.LatenciesMs, 0.5), BenchResult.Percentile(watch.LatenciesMs, 0.99), host.PeakMb, total);
    }

    private static async Task SendAsync(BenchHost host, Watch watch, byte[] body)
    {
        var sent = Stopwatch.GetTimestamp();
        watch.Sent(await host.PostAsync(body), sent);
    }

    /// <summary>Looks at the read model's place every few milliseconds and takes down when it has come past each batch.</summary>
    private sealed class Watch(NpgsqlDataSource database)
    {
        private readonly Lock gate = new();
        private readonly List<(long Position, long Sent)> waiting = [];
        private long last = long.MaxValue;

        public List<double> LatenciesMs { get; } = [];

        public void Sent(long position, long at)
        {
            lock (gate)
            {
                waiting.Add((position, at));
            }
        }

        public void Finish(long position) => Volatile.Write(ref last, position);

        public async Task RunAsync()
        {
            var reached = 0L;
            while (reached < Volatile.Read(ref last))
            {
                reached = await ProjectionStore.LowestAsync(database, [CycleAggregates.ProjectionName], CancellationToken.None);
                var now = Stopwatch.GetTimestamp();
                lock (gate)
                {
                    LatenciesMs.AddRange(waiting.Where(batch => batch.Position <= reached).Select(batch => Stopwatch.GetElapsedTime(batch.Sent, now).TotalMilliseconds));
                    waiting.RemoveAll(batch => batch.Position <= reached);
                }

                await Task.Delay(LookEvery);
            }
        }
    }
}
