using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Reading;

/// <summary>The columns of an event as every reader selects them: seq_id, id, tenant_id, stream_id, version, type, timestamp, correlation_id, data::text.</summary>
public static class EventRow
{
    public const int Width = 9;

    public static StoredEvent Read(NpgsqlDataReader reader, int at) => new(
        reader.GetInt64(at),
        reader.GetGuid(at + 1),
        reader.GetString(at + 2),
        reader.GetString(at + 3),
        reader.GetInt64(at + 4),
        reader.GetString(at + 5),
        Instant.FromDateTimeUtc(reader.GetDateTime(at + 6)),
        reader.IsDBNull(at + 7) ? null : reader.GetString(at + 7),
        Data(reader.GetFieldValue<byte[]>(at + 8)));

    /// <summary>What has no canonical form was never appended: it is given as it stands, so that who reads it can say where.</summary>
    private static CanonicalJson Data(byte[] text)
    {
        try
        {
            return CanonicalJsonReader.Canonicalise(text);
        }
        catch (CanonicalJsonException)
        {
            return new CanonicalJson(text);
        }
    }
}
