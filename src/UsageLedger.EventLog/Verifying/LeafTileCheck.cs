using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// Holds the rows of one tile against its stored hashes. Where they differ, the level above, or else a signed head within the
/// tile, tells which of the two was changed; what nobody can tell is put down to the rows.
/// </summary>
internal sealed class LeafTileCheck(StoredTiles stored, TreeEdge expected, CheckpointCheck checkpoints, DamageReport report, SuspectRows suspects)
{
    private const int HashLength = TreeHasher.HashLength;

    /// <summary>Tells which of the rows are good, and grows the expected tree by what was appended.</summary>
    public async ValueTask CheckAsync(TileRows rows, long index, int width, CancellationToken ct)
    {
        var length = width * HashLength;
        var hashes = await stored.LeavesAsync(index, ct);
        var same = hashes.Length == length && hashes.Span.SequenceEqual(rows.Hashes.AsSpan(0, length)) && rows.AreHashed(width);
        var leaves = same ? rows.Hashes : await ChooseAsync(rows, index, width, hashes, ct);
        for (var place = 0; place < width; place++)
        {
            var leaf = leaves.AsSpan(place * HashLength, HashLength);
            expected.Append(leaf);
            checkpoints.At(expected);
            if (same || (rows[place].State == RowState.Hashed && leaf.SequenceEqual(rows.HashOf(place))))
            {
                rows.MarkGood(place);
            }
        }
    }

    private async ValueTask<byte[]> ChooseAsync(TileRows rows, long index, int width, ReadOnlyMemory<byte> hashes, CancellationToken ct)
    {
        var (first, length) = (index * TreeTile.WidthMax, width * HashLength);
        var rowsAreRight = rows.AreHashed(width) && await AreRowsRightAsync(rows.Hashes, index, width, hashes, ct);
        if (rowsAreRight || hashes.Length != length)
        {
            var what = rowsAreRight && hashes.Length == length ? "does not hold the hashes of its events" : $"holds {hashes.Length} bytes instead of {length}";
            report.Add(first + 1, DamageKind.TileChanged, $"tile 0/{index} {what}");
        }

        if (rowsAreRight)
        {
            return rows.Hashes;
        }

        var leaves = new byte[TreeTile.WidthMax * HashLength];
        var told = Math.Min(width, hashes.Length / HashLength);
        hashes.Span[..(told * HashLength)].CopyTo(leaves);
        for (var place = 0; place < width; place++)
        {
            var leaf = leaves.AsSpan(place * HashLength, HashLength);
            if (place >= told && rows[place].State == RowState.Hashed)
            {
                rows.HashOf(place).CopyTo(leaf);
            }

            Blame(first + place + 1, rows[place].State, leaf, rows.HashOf(place));
        }

        return leaves;
    }

    /// <summary>Whether the rows, and not the stored hashes, are what was appended.</summary>
    private async ValueTask<bool> AreRowsRightAsync(byte[] computed, long index, int width, ReadOnlyMemory<byte> hashes, CancellationToken ct)
    {
        var length = width * HashLength;
        var isComparable = hashes.Length >= length;
        var above = width == TreeTile.WidthMax ? await stored.RootOfLeavesAsync(index, ct) : default;
        if (!above.IsEmpty)
        {
            var (rows, tile) = (IsRoot(above, computed), isComparable && IsRoot(above, hashes[..length]));
            if (rows != tile)
            {
                return rows;
            }
        }

        return checkpoints.Confirm(expected, computed.AsSpan(0, length))
            && !(isComparable && checkpoints.Confirm(expected, hashes.Span[..length]));
    }

    private static bool IsRoot(ReadOnlyMemory<byte> root, ReadOnlyMemory<byte> leaves)
    {
        Span<byte> made = stackalloc byte[HashLength];
        Subtrees.Root(leaves.Span, made);
        return made.SequenceEqual(root.Span);
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
}
