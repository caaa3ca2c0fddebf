namespace UsageLedger.EventLog.Proof;

/// <summary>What both kinds of proof ask of their path.</summary>
internal static class ProofPath
{
    // No tree whose size is a long is higher; a consistency path has one hash more.
    private const int HashesMax = 64;

    public static bool IsWellFormed(IReadOnlyList<byte[]> path) =>
        path.Count <= HashesMax && path.All(hash => hash.Length == TreeHasher.HashLength);

    /// <summary>A node without a right neighbour rises unhashed, until it is a right child or the first of its level.</summary>
    public static void SkipLoneNodes(ref long node, ref long last)
    {
        while ((node & 1) == 0 && node != 0)
        {
            (node, last) = (node >> 1, last >> 1);
        }
    }
}
