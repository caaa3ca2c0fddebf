using System.Numerics;

namespace UsageLedger.EventLog.Proof;

/// <summary>Checks that nothing was changed between two sizes of a tree; needs nothing of the log but the two roots.</summary>
public static class ConsistencyProof
{
    /// <summary>Whether the tree of size <paramref name="from"/> is the start of the tree of size <paramref name="to"/> (RFC 9162 2.1.4.2).</summary>
    public static bool Verify(long from, long to, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot)
    {
        if (from < 1 || from > to || fromRoot.Length != TreeHasher.HashLength || !ProofPath.IsWellFormed(path))
        {
            return false;
        }

        if (from == to)
        {
            return path.Count == 0 && fromRoot.SequenceEqual(toRoot);
        }

        // The old tree is one complete subtree: then its root is the first hash, and the path leaves it out.
        var isComplete = BitOperations.IsPow2(from);
        return (isComplete || path.Count > 0) && Fold(from, to, isComplete ? fromRoot : path[0], path, isComplete ? 0 : 1, fromRoot, toRoot);
    }

    private static bool Fold(
        long from, long to, ReadOnlySpan<byte> first, IReadOnlyList<byte[]> path, int next, ReadOnlySpan<byte> fromRoot, ReadOnlySpan<byte> toRoot)
    {
        Span<byte> old = stackalloc byte[TreeHasher.HashLength];
        Span<byte> current = stackalloc byte[TreeHasher.HashLength];
        first.CopyTo(old);
        first.CopyTo(current);
        var shift = BitOperations.TrailingZeroCount(from);
        var (node, last) = ((from - 1) >> shift, (to - 1) >> shift);
        for (; next < path.Count; next++)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                TreeHasher.Node(path[next], old, old);
                TreeHasher.Node(path[next], current, current);
                ProofPath.SkipLoneNodes(ref node, ref last);
            }
            else
            {
                TreeHasher.Node(current, path[next], current);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && old.SequenceEqual(fromRoot) && current.SequenceEqual(toRoot);
    }
}
