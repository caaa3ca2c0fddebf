using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// Holds the whole log against its hashes, its streams and its signed heads, in one pass over the rows. Reads only, and
/// needs nothing but the database and the public keys in it.
/// </summary>
public sealed class LogVerifier(NpgsqlDataSource database, VerifyOptions options)
{
    /// <summary>Goes through the log as it stands now; appends go on meanwhile.</summary>
    /// <param name="progress">Told the position now and then.</param>
    /// <exception cref="LogMissingException">The database holds no log.</exception>
    public async Task<VerifyOutcome> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        var report = new DamageReport();
        var tree = new TreeEdge();
        await using var snapshot = await LogSnapshot.OpenAsync(database, ct);
        await LogTables.RefuseMissingAsync(snapshot.Rows, ct);
        var size = await LogSize.ReadAsync(snapshot.Rows, report, ct);
        var reading = new CheckpointReading(report);
        var checkpoints = new CheckpointCheck(await reading.AllAsync(snapshot.Rows, options, ct), report);
        var suspects = new SuspectRows(report);
        var streams = new StreamCheck(report);
        var stored = new StoredTiles(snapshot.Tiles);
        var upper = new UpperTileCheck(stored, tree, report);
        await using var lists = new ListCheck(options, report);
        await lists.BeginAsync(snapshot.Lists, ct);
        checkpoints.At(tree);
        long events;
        await using (var copy = await snapshot.Rows.BeginRawBinaryCopyAsync(LogRows.Copy, ct))
        await using (var ahead = new ReadAhead(copy))
        {
            var leaves = new LeafTileCheck(stored, tree, checkpoints, report, suspects);
            events = await new LogPass(new LogRows(ahead.Output), leaves, upper, streams, lists, size, report, progress).RunAsync(ct);
        }

        checkpoints.End(size);
        await upper.CheckAllAsync(ct);
        await upper.CheckStraysAsync(snapshot.Tiles, size, ct);
        await lists.EndAsync(ct);
        await suspects.ReportAsync(snapshot.Rows, ct);
        await streams.CheckAsync(snapshot.Rows, report.DamagedRows, ct);
        return Outcome(events, size, tree, checkpoints.Count, report) with
        {
            UnknownKeys = options.UnknownAmong(reading.Signers),
        };
    }

    private static VerifyOutcome Outcome(long events, long size, TreeEdge tree, int checkpoints, DamageReport report)
    {
        var root = new byte[TreeHasher.HashLength];
        tree.Root(root);
        return new VerifyOutcome(
            events, size, Convert.ToHexStringLower(root), checkpoints, report.Total,
            [.. report.Listed.OrderBy(damage => damage.Position).ThenBy(damage => damage.Kind)]);
    }
}
