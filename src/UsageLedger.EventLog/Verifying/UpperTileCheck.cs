using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Holds the stored tiles above the leaves against those of the expected tree.</summary>
internal sealed class UpperTileCheck(StoredTiles stored, TreeEdge expected, DamageReport report)
{
    private readonly TreeTile?[] unfinished = new TreeTile?[TreeTile.LevelsMax];

    /// <summary>Checks the tiles that have been finished since the last call.</summary>
    public async Task CheckFinishedAsync(CancellationToken ct)
    {
        foreach (var tile in expected.TakeChanged().Where(tile => tile.Level > 0))
        {
            unfinished[tile.Level] = tile.IsFull ? null : tile;
            if (tile.IsFull)
            {
                await CheckAsync(tile, ct);
            }
        }
    }

    /// <summary>Checks the rest, which ends the check.</summary>
    public async Task CheckAllAsync(CancellationToken ct)
    {
        await CheckFinishedAsync(ct);
        foreach (var tile in unfinished.OfType<TreeTile>())
        {
            await CheckAsync(tile, ct);
        }
    }

    private async Task CheckAsync(TreeTile tile, CancellationToken ct)
    {
        var hashes = await stored.OneAsync(tile.Level, tile.Index, ct) ?? [];
        if (hashes.Length < tile.Hashes.Length || !hashes.AsSpan(0, tile.Hashes.Length).SequenceEqual(tile.Hashes.Span))
        {
            var first = (tile.Index << (TreeTile.Height * (tile.Level + 1))) + 1;
            report.Add(first, DamageKind.TileChanged, $"tile {tile.Level}/{tile.Index} is not the hashes of the tiles below it");
        }
    }
}
