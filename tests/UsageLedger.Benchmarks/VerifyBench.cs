using System.Diagnostics;
using NodaTime;
using Npgsql;
using UsageLedger.Auditing;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.EventLog.Verifying;

namespace UsageLedger.Benchmarks;

/// <summary>verify over the whole log, beside reading the same rows out of the database and doing nothing with them.</summary>
internal static class VerifyBench
{
    public static async Task<BenchResult> RunAsync(BenchCluster cluster, int total)
    {
        await using var database = LogDatabase.Open(await cluster.DatabaseAsync(), "bench");
        var options = await FillAsync(database, Path.Combine(cluster.Folder, "verify"), total);
        var before = await ReadAsync(database, total);
        var started = Stopwatch.GetTimestamp();
        var outcome = await new LogVerifier(database, options).RunAsync(progress: null, CancellationToken.None);
        var changed = await ClosedCycleCheck.RunAsync(database, CancellationToken.None);
        var rate = total / Stopwatch.GetElapsedTime(started).TotalSeconds;
        if (!outcome.Whole || changed.Count > 0 || outcome.Events != total)
        {
            throw new InvalidOperationException($"verify went over {outcome.Events} of {total} events and found {outcome.DamagedTotal} damaged.");
        }

        var after = await ReadAsync(database, total);
        return new BenchResult(
            "verify", rate, (before + after) / 2, "COPY of the same rows out to nowhere, mean of before and after",
            null, null, null, total);
    }

    /// <summary>A log with a signed head in its midst and one at its end, and all that the verb holds it against.</summary>
    private static async Task<VerifyOptions> FillAsync(NpgsqlDataSource database, string folder, int total)
    {
        Directory.CreateDirectory(folder);
        var kept = new KeptHeads(folder);
        using var key = SigningKey.OpenOrCreate(Path.Combine(folder, "signing.key"), new byte[MasterKeyFile.KeyLength]);
        using var signer = new CheckpointSigner(
            new LogReader(database), new LogTiles(database), new CheckpointStore(database), key, SystemClock.Instance, "bench", kept);
        await signer.IntroduceAsync(CancellationToken.None);
        foreach (var (from, to) in new[] { (0, total / 2), (total / 2, total) })
        {
            await AppendBench.FillAsync(database, from, to);
            await signer.KeepAsync(CancellationToken.None);
        }

        return new VerifyOptions
        {
            BulkTypes = EventTypes.Bulk,
            SubjectTypes = EventTypes.AboutUsage,
            SubjectOf = EventSubjects.Of,
            Kept = [.. (await kept.AllAsync(CancellationToken.None)).Select(one => new KeptCheckpoint(one.File, one.Note))],
            TrustedKeys = [key.PublicPem],
        };
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
