using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Goes through every row of the log in order and hashes each as it stands.</summary>
internal sealed class LogRows(NpgsqlRawCopyStream copy)
{
    public const string Copy = """
        copy (
            select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data,
                   e.is_archived is not false or e.headers is not null or e.causation_id is not null or e.bdata is not null
            from ledger.mt_events e
            order by e.seq_id)
        to stdout (format binary)
        """;

    private const long PostgresEpochMicros = 946_684_800_000_000;

    private readonly BinaryRows rows = new(copy);
    private readonly ShortText text = new();
    private byte[] canonical = new byte[16 * 1024];
    private byte[] entry = new byte[16 * 1024];

    public long Position { get; private set; }

    public string Tenant { get; private set; } = "";

    public string Stream { get; private set; } = "";

    public string Type { get; private set; } = "";

    public long Version { get; private set; }

    public ValueTask<bool> NextAsync(CancellationToken ct) => rows.NextAsync(ct);

    /// <summary>Hashes the current row; false when it holds what no append writes.</summary>
    public bool TryHash(Span<byte> hash)
    {
        Position = rows.Int64(0);
        Version = rows.Int64(4);
        (Tenant, Stream, Type) = (text.Of(rows[2]), text.Of(rows[3]), text.Of(rows[5]));
        if (rows[9][0] != 0)
        {
            return false;
        }

        try
        {
            Hash(hash);
            return true;
        }
        catch (CanonicalJsonException)
        {
            return false;
        }
    }

    /// <summary>The current row in full, for a closer look.</summary>
    public StoredEvent ToEvent() => new(
        Position, new Guid(rows[1], bigEndian: true), Tenant, Stream, Version, Type, RecordedAt(),
        rows.IsNull(7) ? null : text.Of(rows[7]), CanonicalJsonReader.Canonicalise(rows[8][1..]));

    private void Hash(Span<byte> hash)
    {
        // The first byte of binary jsonb is its version.
        var json = rows[8][1..];
        if (json.Length > canonical.Length)
        {
            canonical = new byte[json.Length * 2];
        }

        var data = canonical.AsSpan(0, CanonicalJsonReader.Canonicalise(json, canonical));
        var correlation = rows.IsNull(7) ? null : text.Of(rows[7]);
        var longest = LogEntry.MaxLength(Tenant, Stream, Type, correlation, data.Length);
        if (longest > entry.Length)
        {
            entry = new byte[longest * 2];
        }

        var length = LogEntry.WritePrefixed(
            entry, Position, Tenant, new Guid(rows[1], bigEndian: true), Stream, Version, Type, RecordedAt(), correlation, data);
        TreeHasher.PrefixedLeaf(entry.AsSpan(0, length), hash);
    }

    private Instant RecordedAt() => Instant.FromUnixTimeTicks((rows.Int64(6) + PostgresEpochMicros) * 10);
}
