using UsageLedger.Cycles;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Replaying;

/// <summary>What the tree says of a close.</summary>
internal static class AuditedTree
{
    /// <summary>In hex; null when a tile is gone, or a tree never has the size.</summary>
    public static async Task<string?> RootAsync(ITileSource tiles, long size, CancellationToken ct)
    {
        if (size < 0)
        {
            return null;
        }

        try
        {
            return Convert.ToHexStringLower(await new TreeReader(tiles).RootAsync(size, ct));
        }
        catch (TileMissingException)
        {
            return null;
        }
    }

    public static async Task<IReadOnlyList<AuditDifference>> CompareAsync(ITileSource tiles, CycleClosed closed, CancellationToken ct) =>
        await RootAsync(tiles, closed.AsOfPosition, ct) is var root && root == closed.RootHash
            ? []
            : [new(AuditDifference.RootDiffers, "root of the tree that the close names", root, closed.RootHash)];
}
