using System.Data;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// Holds the whole log against its hashes, its streams and its signed heads, in one pass over the rows. Reads only, and
/// needs nothing but the database and the public keys in it.
/// </summary>
public sealed class LogVerifier(NpgsqlDataSource database, VerifyOptions options)
{
    private const int TilesBetweenChecks = 256;

    private const string SelectHead = "select position from ledger.log_head";

    private readonly DamageReport report = new();
    private readonly TreeEdge expected = new();

    /// <summary>Goes through the log as it stands now; appends go on meanwhile.</summary>
    /// <param name="progress">Told the position now and then.</param>
    public async Task<VerifyOutcome> RunAsync(IProgress<long>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var tileConnection = await database.OpenConnectionAsync(ct);
        await using var snapshot = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        var head = await HeadAsync(connection, ct);
        var checkpoints = new CheckpointCheck(await CheckpointReading.AllAsync(connection, options, report, ct), expected, report);
        var suspects = new SuspectRows(report);
        var streams = new StreamCheck(report);
        checkpoints.At(0);
        var events = await RowsAsync(connection, new StoredTiles(tileConnection), head, streams, suspects, checkpoints.At, progress, ct);
        checkpoints.End(head);
        await suspects.ReportAsync(connection, ct);
        await streams.CheckAsync(connection, ct);
        await IndexCheck.CheckAsync(connection, options, head, report, ct);
        var root = new byte[TreeHasher.HashLength];
        expected.Root(root);
        return new VerifyOutcome(
            events, head, Convert.ToHexStringLower(root), checkpoints.Count, report.Total,
            [.. report.Listed.OrderBy(damage => damage.Position).ThenBy(damage => damage.Kind)]);
    }

    private static async Task<long> HeadAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectHead, connection);
        return await select.ExecuteScalarAsync(ct) is long head ? head : 0;
    }

    private async Task<long> RowsAsync(
        NpgsqlConnection connection, StoredTiles stored, long head, StreamCheck streams, SuspectRows suspects,
        Action<long> atSize, IProgress<long>? progress, CancellationToken ct)
    {
        await using var copy = await connection.BeginRawBinaryCopyAsync(LogRows.Copy, ct);
        var rows = new LogRows(copy);
        var tile = new LeafTileCheck(stored, expected, report, suspects);
        var upper = new UpperTileCheck(stored, expected, report);
        var hash = new byte[TreeHasher.HashLength];
        long events = 0, index = 0;
        while (await rows.NextAsync(ct))
        {
            events++;
            var usable = rows.TryHash(hash);
            if (rows.Position < 1 || rows.Position > head)
            {
                report.Add(rows.Position, DamageKind.Inserted, "a row outside the log's positions");
                continue;
            }

            streams.Took(rows);
            var place = rows.Position - 1;
            for (; index < place / TreeTile.WidthMax; index++)
            {
                await tile.CheckAsync(index, TreeTile.WidthMax, atSize, ct);
                await BetweenAsync(upper, index, progress, ct);
            }

            hash.CopyTo(tile.HashOf((int)(place % TreeTile.WidthMax)));
            tile.Took((int)(place % TreeTile.WidthMax), usable);
        }

        for (; index * TreeTile.WidthMax < head; index++)
        {
            await tile.CheckAsync(index, (int)Math.Min(TreeTile.WidthMax, head - (index * TreeTile.WidthMax)), atSize, ct);
            await BetweenAsync(upper, index, progress, ct);
        }

        await upper.CheckAllAsync(ct);
        progress?.Report(head);
        return events;
    }

    private static async ValueTask BetweenAsync(UpperTileCheck upper, long index, IProgress<long>? progress, CancellationToken ct)
    {
        if ((index + 1) % TilesBetweenChecks == 0)
        {
            await upper.CheckFinishedAsync(ct);
            progress?.Report((index + 1) * TreeTile.WidthMax);
        }
    }
}
