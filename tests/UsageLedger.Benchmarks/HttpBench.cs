using System.Diagnostics;
using UsageLedger.EventLog;

namespace UsageLedger.Benchmarks;

/// <summary>Batches of 1,000 records by HTTP into a real server with its projections running, beside raw COPY.</summary>
internal static class HttpBench
{
    private const int BatchRecords = 1_000;
    private const int Senders = 8;

    /// <summary>Sent first, so that what is measured is a server that has run for a few seconds.</summary>
    private const int WarmUpRecords = 100_000;

    /// <param name="held">Events that the log and its read models hold already.</param>
    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total, int held)
    {
        var connectionString = await cluster.DatabaseAsync();
        await using var database = LogDatabase.Open(connectionString, "bench");
        await AppendBench.FillAsync(database, total + WarmUpRecords, total + WarmUpRecords + held);
        await using var host = await BenchHost.StartAsync(cluster, connectionString);
        await SendAsync(host, BenchRows.Bodies(total, WarmUpRecords, BatchRecords), []);
        await QueryBench.UntilProjectedAsync(database);
        var bodies = BenchRows.Bodies(0, total, BatchRecords);
        var limit = new RawCopy(database, total, held > 0);
        await limit.MeasureAsync();
        GC.Collect();
        var latencies = new List<double>();
        var started = Stopwatch.GetTimestamp();
        await SendAsync(host, bodies, latencies);
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        await limit.MeasureAsync();
        latencies.Sort();
        return new BenchResult(
            "http", rate, limit.Rate, limit.Is, BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), host.PeakMb, held + WarmUpRecords + total);
    }

    private static async Task SendAsync(BenchHost host, IReadOnlyList<byte[]> bodies, List<double> latencies)
    {
        var next = -1;
        var gate = new Lock();
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < bodies.Count;)
            {
                var sent = Stopwatch.GetTimestamp();
                await host.PostAsync(bodies[i]);
                lock (gate)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }
        })));
    }
}
