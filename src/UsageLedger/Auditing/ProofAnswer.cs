using UsageLedger.EventLog;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Auditing;

/// <summary>That an event is in the log: what was hashed, and the way from its hash to a signed root.</summary>
/// <param name="LeafIndex">The position less one.</param>
/// <param name="Entry">Base64 of the canonical bytes.</param>
/// <param name="LeafHash">SHA-256 of 0x00 and the entry, in hex as all hashes here.</param>
/// <param name="Path">From the leaf to the root (RFC 9162 2.1.3).</param>
/// <param name="Checkpoint">The signed note of exactly this tree.</param>
public sealed record ProofAnswer(
    long LeafIndex, long TreeSize, string Entry, string LeafHash, IReadOnlyList<string> Path, string RootHash, string Checkpoint)
{
    public static ProofAnswer Of(StoredEvent stored, SignedCheckpoint checkpoint, IReadOnlyList<byte[]> path)
    {
        var buffer = new byte[LogEntry.MaxLength(stored)];
        var entry = buffer.AsSpan(0, LogEntry.Write(buffer, stored));
        var leaf = new byte[TreeHasher.HashLength];
        TreeHasher.Leaf(entry, leaf);
        return new ProofAnswer(
            stored.Position - 1, checkpoint.Size, Convert.ToBase64String(entry), Hex(leaf), Hex(path), Hex(checkpoint.RootHash.Span), checkpoint.Note);
    }

    internal static string Hex(ReadOnlySpan<byte> hash) => Convert.ToHexStringLower(hash);

    internal static IReadOnlyList<string> Hex(IReadOnlyList<byte[]> path) => [.. path.Select(hash => Hex(hash.AsSpan()))];
}

/// <summary>That the log of one size is the start of the log of a later one.</summary>
public sealed record ConsistencyAnswer(long From, long To, IReadOnlyList<string> Path, string FromRoot, string ToRoot);
