using System.Diagnostics;
using System.Net.Http.Json;
using NodaTime;

namespace UsageLedger.Benchmarks;

/// <summary>One run of a real server over a simulated vendor account, beside downloading the same pages and doing nothing with them.</summary>
internal static class CollectBench
{
    private const string Source = "vendor";
    private const int BatchRecords = 1_000;
    private const int WarmUp = 5;
    private const int Batches = 50;
    private const int FirstSeed = 1;
    private const int Clients = 20;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(10);

    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total)
    {
        total /= 10;
        var connectionString = await cluster.DatabaseAsync();
        await using var vendor = await BenchVendor.StartAsync(total, FirstSeed, Clients);
        await using var host = await BenchHost.StartAsync(cluster, connectionString, ("Ledger__AllowLoopbackSources", "true"));
        await vendor.ConfigureAsync(host, Source);
        var latencies = await BatchesAsync(host);

        var before = await vendor.DownloadAsync();
        var started = Stopwatch.GetTimestamp();
        var run = await CollectAsync(host, Source, vendor.From, vendor.To);
        var rate = run.Records / Stopwatch.GetElapsedTime(started).TotalSeconds;
        var after = await vendor.DownloadAsync();
        if (run.Accepted != run.Records || run.Records < total)
        {
            throw new InvalidOperationException($"Of {total} records {run.Records} were told and {run.Accepted} recorded.");
        }

        return new BenchResult(
            "collect", rate, run.Records * (before + after) / 2, "downloading the same pages and parsing nothing, mean of before and after",
            BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), host.PeakMb, run.Records);
    }

    /// <summary>Accounts of about a thousand records each, from the command to the run's end: all is on disk then, and the first times are left out.</summary>
    private static async Task<List<double>> BatchesAsync(BenchHost host)
    {
        var latencies = new List<double>();
        for (var batch = 1; batch <= WarmUp + Batches; batch++)
        {
            await using var vendor = await BenchVendor.StartAsync(BatchRecords, FirstSeed + batch, clients: 1);
            var source = $"batch-{batch}";
            await vendor.ConfigureAsync(host, source);
            var started = Stopwatch.GetTimestamp();
            await CollectAsync(host, source, vendor.From, vendor.To);
            latencies.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        latencies.RemoveRange(0, WarmUp);
        latencies.Sort();
        return latencies;
    }

    private static async Task<EndedRun> CollectAsync(BenchHost host, string source, Instant from, Instant to)
    {
        using var limit = new CancellationTokenSource(Within);
        using var asked = await host.Http.PostAsJsonAsync("/v1/collections", new { sourceId = source, from = $"{from}", to = $"{to}" }, limit.Token);
        asked.EnsureSuccessStatusCode();
        while (true)
        {
            var run = await host.Http.GetFromJsonAsync<EndedRun>(asked.Headers.Location, limit.Token);
            if (run!.Status is not ("queued" or "running"))
            {
                return run.Status == "completed" ? run : throw new InvalidOperationException($"The run is {run.Status}: {run.Error}");
            }

            await Task.Delay(LookEvery, limit.Token);
        }
    }

    private sealed record EndedRun(string Status, long Records, long Accepted, string? Error);
}
