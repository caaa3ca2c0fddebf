using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Every signed tree head, in the database or kept elsewhere, is a head that the tree really had.</summary>
internal sealed class CheckpointCheck(IReadOnlyList<ReadCheckpoint> checkpoints, DamageReport report)
{
    private readonly byte[] root = new byte[TreeHasher.HashLength];
    private long goodUpTo;
    private bool told;
    private int next;

    public int Count => checkpoints.Count;

    /// <summary>The tree has grown by one.</summary>
    public void At(TreeEdge tree)
    {
        for (; next < checkpoints.Count && checkpoints[next].Size <= tree.Size; next++)
        {
            var checkpoint = checkpoints[next];
            tree.Root(root);
            if (root.AsSpan().SequenceEqual(checkpoint.RootHash.Span))
            {
                goodUpTo = checkpoint.Size;
            }
            else if (!told)
            {
                // Every later head covers the same change, so the first one tells where it is to be looked for.
                told = true;
                report.Add(
                    goodUpTo + 1, DamageKind.CheckpointMismatch,
                    $"{checkpoint.Where} signs another tree of {checkpoint.Size} events: something among positions {goodUpTo + 1} to {checkpoint.Size} was rewritten together with its hashes");
            }
        }
    }

    /// <summary>Whether a signed head within these next leaves says that they are right; false if there is none.</summary>
    public bool Confirm(TreeEdge tree, ReadOnlySpan<byte> leaves)
    {
        var end = tree.Size + (leaves.Length / TreeHasher.HashLength);
        var last = next;
        while (last < checkpoints.Count && checkpoints[last].Size <= end)
        {
            last++;
        }

        if (last == next)
        {
            return false;
        }

        var grown = tree.Copy();
        for (var at = 0; grown.Size < checkpoints[last - 1].Size; at += TreeHasher.HashLength)
        {
            grown.Append(leaves.Slice(at, TreeHasher.HashLength));
        }

        grown.Root(root);
        return root.AsSpan().SequenceEqual(checkpoints[last - 1].RootHash.Span);
    }

    /// <summary>The tree ends here; later heads show what was cut off.</summary>
    public void End(long size)
    {
        if (next < checkpoints.Count)
        {
            report.Add(
                size + 1, DamageKind.CheckpointMismatch,
                $"{checkpoints[^1].Where} signs {checkpoints[^1].Size} events, but the log ends at {size}");
        }
    }
}

/// <summary>A signed note whose signature was good.</summary>
/// <param name="KeptAt">Where it was kept; null: in the database.</param>
internal sealed record ReadCheckpoint(long Size, ReadOnlyMemory<byte> RootHash, string? KeptAt)
{
    /// <summary>Where it was found, as the report names it.</summary>
    public string Where => KeptAt ?? $"the stored checkpoint of size {Size}";
}
