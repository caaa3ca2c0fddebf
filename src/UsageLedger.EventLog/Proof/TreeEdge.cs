namespace UsageLedger.EventLog.Proof;

/// <summary>The right edge of the tree in memory: all that is needed to append leaves, write tiles and tell the root.</summary>
public sealed class TreeEdge
{
    private const int SubtreesMax = 63;

    // At bit k of the size the root of the complete subtree of 2^k leaves which that bit stands for (a compact range).
    private readonly byte[] subtrees = new byte[SubtreesMax * TreeHasher.HashLength];
    private readonly EdgeTile?[] tiles = new EdgeTile?[TreeTile.LevelsMax];
    private readonly List<TreeTile> filled = [];

    public long Size { get; private set; }

    /// <summary>The edge of a tree that is kept as tiles.</summary>
    /// <param name="partialTiles">At index L the hashes of the unfinished last tile of level L; empty where there is none.</param>
    /// <exception cref="ArgumentException">A tile has another width than a tree of that size has.</exception>
    public static TreeEdge Restore(long size, IReadOnlyList<ReadOnlyMemory<byte>> partialTiles)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        var edge = new TreeEdge { Size = size };
        for (var level = 0; level < TreeTile.LevelsMax; level++)
        {
            var width = TreeTile.PartialWidth(level, size);
            var hashes = level < partialTiles.Count ? partialTiles[level].Span : [];
            if (hashes.Length != width * TreeHasher.HashLength)
            {
                throw new ArgumentException(
                    $"The last tile of level {level} has {hashes.Length} bytes; a tree of {size} leaves has {width} hashes there.", nameof(partialTiles));
            }

            if (width > 0)
            {
                edge.tiles[level] = new EdgeTile(level, TreeTile.HashesAt(level, size) / TreeTile.WidthMax, hashes);
                edge.RestoreSubtrees(level, width, hashes);
            }
        }

        return edge;
    }

    /// <summary>Adds one leaf: one node hash on average, and no allocation but one tile in 256.</summary>
    public void Append(ReadOnlySpan<byte> leafHash)
    {
        Span<byte> hash = stackalloc byte[TreeHasher.HashLength];
        leafHash.CopyTo(hash);
        AddToTile(0, hash);
        var bit = 0;
        for (; (Size >> bit & 1) == 1; bit++)
        {
            TreeHasher.Node(Subtree(bit), hash, hash);
            if ((bit + 1) % TreeTile.Height == 0)
            {
                AddToTile((bit + 1) / TreeTile.Height, hash);
            }
        }

        hash.CopyTo(Subtree(bit));
        Size++;
    }

    /// <summary>Writes the root of all leaves so far (RFC 9162 2.1.1).</summary>
    public void Root(Span<byte> destination)
    {
        if (Size == 0)
        {
            TreeHasher.EmptyRoot.Span.CopyTo(destination);
            return;
        }

        var bit = System.Numerics.BitOperations.TrailingZeroCount(Size);
        Subtree(bit).CopyTo(destination);
        for (bit++; Size >> bit != 0; bit++)
        {
            if ((Size >> bit & 1) == 1)
            {
                TreeHasher.Node(Subtree(bit), destination, destination);
            }
        }
    }

    /// <summary>The tiles that are new or longer since the last call: full ones, and the unfinished last one of each level.</summary>
    public IReadOnlyList<TreeTile> TakeChanged()
    {
        var changed = new List<TreeTile>(filled);
        filled.Clear();
        foreach (var tile in tiles)
        {
            if (tile is { IsChanged: true })
            {
                changed.Add(tile.Take());
            }
        }

        return changed;
    }

    /// <summary>An edge of its own in the same state: kept aside, it undoes appends whose transaction failed.</summary>
    public TreeEdge Copy()
    {
        var copy = new TreeEdge { Size = Size };
        subtrees.CopyTo(copy.subtrees, 0);
        copy.filled.AddRange(filled);
        for (var level = 0; level < tiles.Length; level++)
        {
            copy.tiles[level] = tiles[level]?.Copy();
        }

        return copy;
    }

    private void AddToTile(int level, ReadOnlySpan<byte> hash)
    {
        var tile = tiles[level] ??= new EdgeTile(level, TreeTile.HashesAt(level, Size) / TreeTile.WidthMax, []);
        tile.Add(hash);
        if (tile.IsFull)
        {
            filled.Add(tile.Take());
            tiles[level] = null;
        }
    }

    private void RestoreSubtrees(int level, int width, ReadOnlySpan<byte> hashes)
    {
        for (var bit = TreeTile.Height - 1; bit >= 0; bit--)
        {
            if ((width >> bit & 1) == 1)
            {
                var length = (1 << bit) * TreeHasher.HashLength;
                Subtrees.Root(hashes[..length], Subtree((level * TreeTile.Height) + bit));
                hashes = hashes[length..];
            }
        }
    }

    private Span<byte> Subtree(int bit) => subtrees.AsSpan(bit * TreeHasher.HashLength, TreeHasher.HashLength);
}
