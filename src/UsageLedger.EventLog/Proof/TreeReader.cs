using System.Numerics;

namespace UsageLedger.EventLog.Proof;

/// <summary>Roots and proofs for any size the tree has had, computed from its tiles.</summary>
/// <remarks>A call reads each tile at most once, and of every level only those on its way and at the right edge.</remarks>
public sealed class TreeReader(ITileSource source)
{
    /// <summary>The root of the tree when it had so many leaves.</summary>
    /// <exception cref="TileMissingException">The tree has fewer leaves, or a tile is gone.</exception>
    public async ValueTask<byte[]> RootAsync(long size, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(size);
        return size == 0 ? TreeHasher.EmptyRoot.ToArray() : await RootAsync(new LeafRange(0, size), new CallTiles(source), ct);
    }

    /// <summary>The hashes that lead from a leaf to the root at a size, leaf first (RFC 9162 2.1.3.1).</summary>
    /// <exception cref="TileMissingException">The tree has fewer leaves, or a tile is gone.</exception>
    public ValueTask<IReadOnlyList<byte[]>> InclusionPathAsync(long index, long size, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, size);
        return RootsAsync(LeafRange.ForInclusion(index, size), ct);
    }

    /// <summary>The hashes that show the tree at one size to be the start of the tree at a later one (RFC 9162 2.1.4.1); none for equal sizes.</summary>
    /// <exception cref="TileMissingException">The tree has fewer leaves, or a tile is gone.</exception>
    public ValueTask<IReadOnlyList<byte[]>> ConsistencyPathAsync(long from, long to, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(from, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(from, to);
        return RootsAsync(LeafRange.ForConsistency(from, to), ct);
    }

    private async ValueTask<IReadOnlyList<byte[]>> RootsAsync(List<LeafRange> ranges, CancellationToken ct)
    {
        var tiles = new CallTiles(source);
        var roots = new byte[ranges.Count][];
        for (var i = 0; i < roots.Length; i++)
        {
            roots[i] = await RootAsync(ranges[i], tiles, ct);
        }

        return roots;
    }

    private static async ValueTask<byte[]> RootAsync(LeafRange range, CallTiles tiles, CancellationToken ct)
    {
        // At most 63 parts: each is half of what is left or more.
        var parts = new List<byte[]>();
        for (; !BitOperations.IsPow2(range.Count); range = range.Halves().Right)
        {
            parts.Add(await CompleteAsync(range.Halves().Left, tiles, ct));
        }

        var root = await CompleteAsync(range, tiles, ct);
        for (var i = parts.Count - 1; i >= 0; i--)
        {
            TreeHasher.Node(parts[i], root, root);
        }

        return root;
    }

    private static async ValueTask<byte[]> CompleteAsync(LeafRange range, CallTiles tiles, CancellationToken ct)
    {
        var height = BitOperations.Log2((ulong)range.Count);
        var level = height / TreeTile.Height;
        var hashes = await tiles.HashesAsync(level, TreeTile.HashesAt(level, range.Start), 1 << (height % TreeTile.Height), ct);
        var root = new byte[TreeHasher.HashLength];
        Subtrees.Root(hashes.Span, root);
        return root;
    }
}
