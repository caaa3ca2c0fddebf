namespace UsageLedger.EventLog.Proof;

/// <summary>Roots of complete subtrees, out of the hashes that a tile holds.</summary>
internal static class Subtrees
{
    /// <summary>The root over a power of two of hashes, at most a tile of them.</summary>
    public static void Root(scoped ReadOnlySpan<byte> hashes, Span<byte> destination)
    {
        Span<byte> work = stackalloc byte[TreeTile.WidthMax / 2 * TreeHasher.HashLength];
        while (hashes.Length > TreeHasher.HashLength)
        {
            for (var at = 0; at < hashes.Length; at += 2 * TreeHasher.HashLength)
            {
                TreeHasher.Node(
                    hashes.Slice(at, TreeHasher.HashLength),
                    hashes.Slice(at + TreeHasher.HashLength, TreeHasher.HashLength),
                    work.Slice(at / 2, TreeHasher.HashLength));
            }

            hashes = work[..(hashes.Length / 2)];
        }

        hashes.CopyTo(destination);
    }
}
