using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Holds the stored tiles above the leaves against those of the expected tree.</summary>
internal sealed class UpperTileCheck(StoredTiles stored, TreeEdge expected, DamageReport report)
{
    private const string SelectStrays = """
        select level, index from ledger.log_tiles
        where level not between 0 and 6 or index < 0 or index >= ((($1::bigint >> (8 * level::integer)) + 255) / 256)
        order by level, index limit 1000
        """;

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
        if (!hashes.AsSpan().SequenceEqual(tile.Hashes.Span))
        {
            var (first, last) = Under(tile, hashes.AsSpan().CommonPrefixLength(tile.Hashes.Span) / TreeHasher.HashLength);
            report.Add(
                FirstPosition(tile.Level, tile.Index), DamageKind.TileChanged,
                $"tile {tile.Level}/{tile.Index} does not hold the hashes of the tiles below it, first not that over positions {first} to {last}");
        }
    }

    /// <summary>The positions under one hash of a tile.</summary>
    private static (long First, long Last) Under(TreeTile tile, int hash)
    {
        var before = ((tile.Index * TreeTile.WidthMax) + hash) << (TreeTile.Height * tile.Level);
        return (before + 1, before + (1L << (TreeTile.Height * tile.Level)));
    }

    /// <summary>There is no tile that a tree of this size does not have.</summary>
    public async Task CheckStraysAsync(NpgsqlConnection connection, long size, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectStrays, connection) { CommandTimeout = 0, Parameters = { new() { Value = size } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (level, index) = (reader.GetInt16(0), reader.GetInt64(1));
            report.Add(FirstPosition(level, index), DamageKind.TileChanged, $"tile {level}/{index} is not of this tree");
        }
    }

    /// <summary>That of the tile's first leaf; of a tile that no tree can have, the largest or smallest there is.</summary>
    private static long FirstPosition(int level, long index) => level is < 0 or >= TreeTile.LevelsMax
        ? long.MaxValue
        : (long)Int128.Clamp(((Int128)index << (TreeTile.Height * (level + 1))) + 1, 0, long.MaxValue);
}
