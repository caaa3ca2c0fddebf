using System.Buffers;
using NodaTime;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Appending;

/// <summary>The leaf hashes of planned events, through one reused buffer.</summary>
internal sealed class LeafHasher : IDisposable
{
    private readonly byte[] hash = new byte[TreeHasher.HashLength];
    private byte[] entry = ArrayPool<byte>.Shared.Rent(8 * 1024);

    public ReadOnlySpan<byte> Hash(in PlannedEvent planned, Instant recordedAt)
    {
        var (added, request, position, version) = planned;
        var longest = 1 + LogEntry.MaxLength(request.Tenant, added.Stream, added.Type, request.CorrelationId, added.Data.Utf8.Length);
        if (longest > entry.Length)
        {
            ArrayPool<byte>.Shared.Return(entry);
            entry = ArrayPool<byte>.Shared.Rent(longest);
        }

        var length = LogEntry.WritePrefixed(
            entry, position, request.Tenant, added.Id, added.Stream, version, added.Type, recordedAt, request.CorrelationId, added.Data.Utf8.Span);
        TreeHasher.PrefixedLeaf(entry.AsSpan(0, length), hash);
        return hash;
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(entry);
}
