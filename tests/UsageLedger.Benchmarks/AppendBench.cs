using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Benchmarks;

/// <summary>Appends in process: keyed, checked, hashed and copied, requests of 1,000 from four callers.</summary>
internal static class AppendBench
{
    private const int RequestEvents = 1_000;
    private const int Callers = 4;

    public static async Task<double> MeasureAsync(NpgsqlDataSource database, int from, int total, List<double> latencies)
    {
        await using var appender = new LogAppender(
            database, SystemClock.Instance, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance);
        using var requests = BenchRows.Requests(from, from + total, RequestEvents).GetEnumerator();
        var gate = new Lock();
        var started = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, Callers).Select(_ => Task.Run(async () =>
        {
            while (true)
            {
                AppendRequest request;
                lock (gate)
                {
                    if (!requests.MoveNext())
                    {
                        return;
                    }

                    request = requests.Current;
                }

                var sent = Stopwatch.GetTimestamp();
                await appender.AppendAsync(request, CancellationToken.None);
                lock (gate)
                {
                    latencies.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
                }
            }
        })));
        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
