using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Every signed tree head, in the database or kept elsewhere, is a head that the tree really had.</summary>
internal sealed class CheckpointCheck(IReadOnlyList<ReadCheckpoint> checkpoints, TreeEdge expected, DamageReport report)
{
    private readonly byte[] root = new byte[TreeHasher.HashLength];
    private long goodUpTo;
    private int next;

    public int Count => checkpoints.Count;

    /// <summary>The tree has reached this size.</summary>
    public void At(long size)
    {
        for (; next < checkpoints.Count && checkpoints[next].Size <= size; next++)
        {
            var checkpoint = checkpoints[next];
            expected.Root(root);
            if (checkpoint.Size == size && root.AsSpan().SequenceEqual(checkpoint.RootHash.Span))
            {
                goodUpTo = size;
                continue;
            }

            report.Add(
                goodUpTo + 1, DamageKind.CheckpointMismatch,
                $"{checkpoint.Where} signs another tree of {checkpoint.Size} events: something among positions {goodUpTo + 1} to {checkpoint.Size} was rewritten together with its hashes");
        }
    }

    /// <summary>The tree ends here; later checkpoints show what was cut off.</summary>
    public void End(long size)
    {
        for (; next < checkpoints.Count; next++)
        {
            report.Add(
                size + 1, DamageKind.CheckpointMismatch,
                $"{checkpoints[next].Where} signs {checkpoints[next].Size} events, but the log ends at {size}");
        }
    }
}

/// <summary>A signed note whose signature was good.</summary>
/// <param name="Where">Where it was found, as the report names it.</param>
internal sealed record ReadCheckpoint(long Size, ReadOnlyMemory<byte> RootHash, string Where);
