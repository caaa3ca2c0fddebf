namespace UsageLedger.EventLog.Proof;

/// <summary>Checks that a leaf is in a tree; needs nothing of the log but the root.</summary>
public static class InclusionProof
{
    /// <summary>Whether the path leads from the leaf at this index to the root of the tree of this size (RFC 9162 2.1.3.2).</summary>
    public static bool Verify(ReadOnlySpan<byte> leafHash, long index, long size, IReadOnlyList<byte[]> path, ReadOnlySpan<byte> root)
    {
        if (index < 0 || index >= size || leafHash.Length != TreeHasher.HashLength || !ProofPath.IsWellFormed(path))
        {
            return false;
        }

        Span<byte> hash = stackalloc byte[TreeHasher.HashLength];
        leafHash.CopyTo(hash);
        var (node, last) = (index, size - 1);
        foreach (var sibling in path)
        {
            if (last == 0)
            {
                return false;
            }

            if ((node & 1) == 1 || node == last)
            {
                TreeHasher.Node(sibling, hash, hash);
                ProofPath.SkipLoneNodes(ref node, ref last);
            }
            else
            {
                TreeHasher.Node(hash, sibling, hash);
            }

            (node, last) = (node >> 1, last >> 1);
        }

        return last == 0 && hash.SequenceEqual(root);
    }
}
