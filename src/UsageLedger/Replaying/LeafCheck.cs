using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Replaying;

/// <summary>Holds events, which come in the order of the log, against the leaves of its tree; it keeps one tile of them.</summary>
/// <remarks>That the tiles themselves are those of the signed heads is for <c>ledger verify</c>.</remarks>
internal sealed class LeafCheck(ITileSource tiles)
{
    private long index = -1;
    private ReadOnlyMemory<byte> tile;

    /// <summary>Whether the event is what was appended at its position.</summary>
    public async ValueTask<bool> HoldsAsync(StoredEvent stored, CancellationToken ct)
    {
        if (stored.Position < 1)
        {
            return false;
        }

        var (needed, place) = Math.DivRem(stored.Position - 1, TreeTile.WidthMax);
        var end = ((int)place + 1) * TreeHasher.HashLength;
        if (needed != index || tile.Length < end)
        {
            (index, tile) = (needed, await tiles.ReadAsync(0, needed, ct) ?? ReadOnlyMemory<byte>.Empty);
        }

        return tile.Length >= end && Leaf(stored).AsSpan().SequenceEqual(tile.Span[(end - TreeHasher.HashLength)..end]);
    }

    public static byte[] Leaf(StoredEvent stored)
    {
        var entry = new byte[LogEntry.MaxLength(stored)];
        var leaf = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), leaf);
        return leaf;
    }
}
