using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// Holds the rows of one tile against its stored hashes. Where they differ, the level above tells which of the two was
/// changed; what it cannot tell is put down to the rows.
/// </summary>
internal sealed class LeafTileCheck(StoredTiles stored, TreeEdge expected, DamageReport report, SuspectRows suspects)
{
    private const int HashLength = TreeHasher.HashLength;

    private readonly byte[] computed = new byte[TreeTile.WidthMax * HashLength];
    private readonly RowState[] rows = new RowState[TreeTile.WidthMax];

    private enum RowState : byte
    {
        Missing,
        Hashed,
        Unusable,
    }

    /// <summary>Where the hash of a row goes, by its place in the tile.</summary>
    public Span<byte> HashOf(int place) => computed.AsSpan(place * HashLength, HashLength);

    public void Took(int place, bool usable) => rows[place] = usable ? RowState.Hashed : RowState.Unusable;

    /// <summary>Checks the first <paramref name="width"/> rows of the tile, grows the expected tree by them, and makes ready for the next tile.</summary>
    public async ValueTask CheckAsync(long index, int width, Action<long> atSize, CancellationToken ct)
    {
        var hashes = await stored.LeavesAsync(index, ct);
        var same = hashes.Length >= width * HashLength
            && hashes.Span[..(width * HashLength)].SequenceEqual(computed.AsSpan(0, width * HashLength))
            && !rows.AsSpan(0, width).ContainsAnyExcept(RowState.Hashed);
        var leaves = same ? computed : await ChooseAsync(index, width, hashes, ct);
        for (var place = 0; place < width; place++)
        {
            expected.Append(leaves.AsSpan(place * HashLength, HashLength));
            atSize(expected.Size);
        }

        rows.AsSpan().Clear();
    }

    private async ValueTask<byte[]> ChooseAsync(long index, int width, ReadOnlyMemory<byte> hashes, CancellationToken ct)
    {
        var first = index * TreeTile.WidthMax;
        var whole = hashes.Length >= width * HashLength;
        var above = width == TreeTile.WidthMax ? await stored.RootOfLeavesAsync(index, ct) : default;
        var rowsAgree = !rows.AsSpan(0, width).ContainsAnyExcept(RowState.Hashed)
            && (!whole || (!above.IsEmpty && Root(computed, width).SequenceEqual(above.Span) && !Root(hashes.Span, width).SequenceEqual(above.Span)));
        if (rowsAgree)
        {
            report.Add(first + 1, DamageKind.TileChanged, $"tile 0/{index} is not the hashes of its events");
            return computed;
        }

        var leaves = new byte[TreeTile.WidthMax * HashLength];
        computed.CopyTo(leaves, 0);
        hashes.Span[..Math.Min(hashes.Length, leaves.Length)].CopyTo(leaves);
        if (!whole)
        {
            report.Add(first + 1, DamageKind.TileChanged, $"tile 0/{index} is missing hashes");
        }

        for (var place = 0; place < width; place++)
        {
            Blame(first + place + 1, rows[place], leaves.AsSpan(place * HashLength, HashLength), HashOf(place));
        }

        return leaves;
    }

    private void Blame(long position, RowState row, ReadOnlySpan<byte> appended, ReadOnlySpan<byte> now)
    {
        if (row == RowState.Missing)
        {
            report.Add(position, DamageKind.Missing, "the event is gone");
        }
        else if (row == RowState.Unusable)
        {
            report.Add(position, DamageKind.EntryChanged, "the row holds what no append writes");
        }
        else if (!appended.SequenceEqual(now))
        {
            suspects.Add(position, appended);
        }
    }

    private static byte[] Root(ReadOnlySpan<byte> leaves, int width)
    {
        var edge = new TreeEdge();
        for (var place = 0; place < width; place++)
        {
            edge.Append(leaves.Slice(place * HashLength, HashLength));
        }

        var root = new byte[HashLength];
        edge.Root(root);
        return root;
    }
}
