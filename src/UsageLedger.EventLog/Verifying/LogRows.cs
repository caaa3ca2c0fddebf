using NodaTime;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Goes through every row of the log in order and hashes each as it stands.</summary>
internal sealed class LogRows(Stream copy)
{
    public const string Copy = """
        copy (
            select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data,
                   e.is_archived is not false or e.headers is not null or e.causation_id is not null or e.bdata is not null
                   or e.mt_dotnet_type is not null
            from ledger.mt_events e
            order by e.seq_id)
        to stdout (format binary)
        """;

    private const int CorrelationId = 7;
    private const int Data = 8;
    private const int HoldsMore = 9;
    private const long PostgresEpochMicros = 946_684_800_000_000;
    private const long UnixMicrosMin = -62_135_596_800_000_000;
    private const long UnixMicrosMax = 253_402_300_799_999_999;

    private readonly BinaryRows rows = new(copy);
    private readonly ShortText text = new();
    private byte[] canonical = new byte[16 * 1024];
    private byte[] entry = new byte[16 * 1024];
    private int canonicalLength;

    public long Position { get; private set; }

    public string Tenant { get; private set; } = "";

    public string Stream { get; private set; } = "";

    public string Type { get; private set; } = "";

    public long Version { get; private set; }

    /// <summary>Microseconds since 1970.</summary>
    public long RecordedMicros { get; private set; }

    public ValueTask<bool> NextAsync(CancellationToken ct) => rows.NextAsync(ct);

    /// <summary>Hashes the current row; false when it holds what no append writes.</summary>
    public bool TryHash(Span<byte> hash)
    {
        Position = rows.IsNull(0) ? 0 : rows.Int64(0);
        if (HasHoles() || rows[HoldsMore][0] != 0)
        {
            return false;
        }

        (Tenant, Stream, Type) = (text.Of(rows[2]), text.Of(rows[3]), text.Of(rows[5]));
        (Version, RecordedMicros) = (rows.Int64(4), unchecked(rows.Int64(6) + PostgresEpochMicros));
        if (RecordedMicros is < UnixMicrosMin or > UnixMicrosMax || !TryCanonicalise())
        {
            return false;
        }

        var correlation = rows.IsNull(CorrelationId) ? null : text.Of(rows[CorrelationId]);
        var longest = LogEntry.MaxLength(Tenant, Stream, Type, correlation, canonicalLength);
        if (longest > entry.Length)
        {
            entry = new byte[longest * 2L];
        }

        var length = LogEntry.WritePrefixed(
            entry, Position, Tenant, Id(), Stream, Version, Type, RecordedAt(), correlation, canonical.AsSpan(0, canonicalLength));
        TreeHasher.PrefixedLeaf(entry.AsSpan(0, length), hash);
        return true;
    }

    /// <summary>The current row in full, after it could be hashed.</summary>
    public StoredEvent ToEvent() => new(
        Position, Id(), Tenant, Stream, Version, Type, RecordedAt(), rows.IsNull(CorrelationId) ? null : text.Of(rows[CorrelationId]),
        new CanonicalJson(canonical.AsSpan(0, canonicalLength).ToArray()));

    private bool HasHoles()
    {
        for (var field = 0; field <= HoldsMore; field++)
        {
            if (field != CorrelationId && rows.IsNull(field))
            {
                return true;
            }
        }

        return false;
    }

    private bool TryCanonicalise()
    {
        // The first byte of binary jsonb is its version.
        var json = rows[Data][1..];
        if (json.Length > canonical.Length)
        {
            canonical = new byte[json.Length * 2L];
        }

        canonicalLength = JsonbText.Canonicalise(json, canonical);
        if (canonicalLength >= 0)
        {
            return true;
        }

        try
        {
            canonicalLength = CanonicalJsonReader.Canonicalise(json, canonical);
            return true;
        }
        catch (CanonicalJsonException)
        {
            return false;
        }
    }

    private Guid Id() => new(rows[1], bigEndian: true);

    private Instant RecordedAt() => Instant.FromUnixTimeTicks(RecordedMicros * 10);
}
