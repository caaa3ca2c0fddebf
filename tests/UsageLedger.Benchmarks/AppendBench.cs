using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>Appends in process: checked, hashed and copied, requests of 1,000 events from eight callers, beside raw COPY.</summary>
internal static class AppendBench
{
    private const int RequestEvents = 1_000;
    private const int Callers = 8;
    private const int FillEvents = 200_000;

    /// <param name="held">Events that the log holds already.</param>
    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total, int held)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        await FillAsync(database, total, total + Math.Max(held, total / 10));
        var limit = new RawCopy(database, total, held > 0);
        await limit.MeasureAsync();
        var latencies = new List<double>();
        var rate = await AppendAsync(database, 0, total, latencies);
        await limit.MeasureAsync();
        latencies.Sort();
        return new BenchResult(
            "append", rate, limit.Rate, limit.Is, BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), null, held + total);
    }

    /// <summary>Appends what numbers there are from one to another, in parts that fit into memory; returns the end.</summary>
    public static async Task<int> FillAsync(NpgsqlDataSource database, int from, int upTo)
    {
        for (; from < upTo; from += FillEvents)
        {
            await AppendAsync(database, from, Math.Min(FillEvents, upTo - from), []);
        }

        return upTo;
    }

    /// <summary>Appends and returns events per second; the requests are made ready beforehand, as are the rows of the raw limit.</summary>
    public static async Task<double> AppendAsync(NpgsqlDataSource database, int from, int count, List<double> latencies)
    {
        await using var appender = new LogAppender(
            database, SystemClock.Instance, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance);
        var requests = BenchRows.Requests(from, from + count, RequestEvents).ToArray();
        GC.Collect();
        var next = -1;
        var gate = new Lock();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            for (int i; (i = Interlocked.Increment(ref next)) < requests.Length;)
            {
                var sent = Stopwatch.GetTimestamp();
                await appender.AppendAsync(requests[i], CancellationToken.None);
                lock (gate)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }
        })));
        return count / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
