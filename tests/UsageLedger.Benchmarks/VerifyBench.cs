using System.Diagnostics;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Benchmarks;

/// <summary>verify over the whole log, beside reading the same rows out of the database and doing nothing with them.</summary>
internal static class VerifyBench
{
    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        await AppendBench.FillAsync(database, 0, total);
        var options = new VerifyOptions { BulkTypes = EventTypes.Bulk, SubjectTypes = EventTypes.AboutUsage };
        var before = await ReadAsync(database, total);
        var started = Stopwatch.GetTimestamp();
        var outcome = await new LogVerifier(database, options).RunAsync(progress: null, CancellationToken.None);
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!outcome.Whole || outcome.Events != total)
        {
            throw new InvalidOperationException($"verify went over {outcome.Events} of {total} events and found {outcome.DamagedTotal} damaged.");
        }

        var after = await ReadAsync(database, total);
        return new BenchResult(
            "verify", rate, (before + after) / 2, "COPY of the same rows out to nowhere, mean of before and after",
            null, null, null, total);
    }

    private static async Task<double> ReadAsync(NpgsqlDataSource database, int total)
    {
        await using var connection = await database.OpenConnectionAsync();
        var started = Stopwatch.GetTimestamp();
        await using (var copy = await connection.BeginRawBinaryCopyAsync(LogRows.Copy))
        {
            await copy.CopyToAsync(Stream.Null, 256 * 1024);
        }

        return total / Stopwatch.GetElapsedTime(started).TotalSeconds;
    }
}
