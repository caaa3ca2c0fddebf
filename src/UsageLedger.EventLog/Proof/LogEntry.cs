using NodaTime;

namespace UsageLedger.EventLog.Proof;

/// <summary>
/// The bytes of an event that the tree stands on: canonical JSON of correlationId, data, id, position, stream, tenant,
/// timestamp, type and version.
/// </summary>
public static class LogEntry
{
    private const int FixedLength = 256;

    /// <summary>The most bytes an entry of such an event can take, the prefix included.</summary>
    public static int MaxLength(StoredEvent stored) =>
        MaxLength(stored.Tenant, stored.Stream, stored.Type, stored.CorrelationId, stored.Data.Utf8.Length);

    /// <summary>The most bytes an entry of such parts can take, the prefix included.</summary>
    public static int MaxLength(string tenant, string stream, string type, string? correlationId, int dataLength) =>
        FixedLength + dataLength + CanonicalString.MaxLength(tenant.Length + stream.Length + type.Length + (correlationId?.Length ?? 0));

    /// <summary>Writes the entry and returns its length.</summary>
    public static int Write(Span<byte> destination, StoredEvent stored) => Write(
        destination, stored.Position, stored.Tenant, stored.Id, stored.Stream, stored.Version, stored.Type,
        stored.RecordedAt, stored.CorrelationId, stored.Data.Utf8.Span);

    /// <summary>Writes 0x00 and the entry, ready for <see cref="TreeHasher.PrefixedLeaf"/>, and returns the length of both.</summary>
    public static int WritePrefixed(
        Span<byte> destination, long position, string tenant, Guid id, string stream, long version, string type,
        Instant timestamp, string? correlationId, ReadOnlySpan<byte> data)
    {
        destination[0] = TreeHasher.LeafPrefix;
        return 1 + Write(destination[1..], position, tenant, id, stream, version, type, timestamp, correlationId, data);
    }

    /// <summary>Writes the entry and returns its length.</summary>
    /// <param name="timestamp">Cut to the microsecond, which is what the log keeps.</param>
    /// <param name="data">Canonical already.</param>
    public static int Write(
        Span<byte> destination, long position, string tenant, Guid id, string stream, long version, string type,
        Instant timestamp, string? correlationId, ReadOnlySpan<byte> data)
    {
        var rest = new EntrySpan(destination);
        rest.Literal("{\"correlationId\":"u8);
        if (correlationId is null)
        {
            rest.Literal("null"u8);
        }
        else
        {
            rest.String(correlationId);
        }

        rest.Literal(",\"data\":"u8);
        rest.Literal(data);
        rest.Literal(",\"id\":\""u8);
        rest.Uuid(id);
        rest.Literal("\",\"position\":"u8);
        rest.Integer(position);
        rest.Literal(",\"stream\":"u8);
        rest.String(stream);
        rest.Literal(",\"tenant\":"u8);
        rest.String(tenant);
        rest.Literal(",\"timestamp\":\""u8);
        rest.Timestamp(timestamp);
        rest.Literal("\",\"type\":"u8);
        rest.String(type);
        rest.Literal(",\"version\":"u8);
        rest.Integer(version);
        rest.Literal("}"u8);
        return rest.Length;
    }
}
