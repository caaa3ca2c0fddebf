using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger;

/// <summary>Columns and parameters of the kinds that .NET has other types for than the ledger: instants, and what may be null.</summary>
internal static class Columns
{
    public static Instant GetInstant(this NpgsqlDataReader reader, int at) => Instant.FromDateTimeUtc(reader.GetDateTime(at));

    public static Instant? GetInstantOrNull(this NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetInstant(at);

    public static string? GetStringOrNull(this NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);

    public static NpgsqlParameter Of(Instant? instant) => new() { Value = (object?)instant?.ToDateTimeUtc() ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Of(IEnumerable<Instant> instants) =>
        new() { Value = instants.Select(instant => instant.ToDateTimeUtc()).ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.TimestampTz };

    public static NpgsqlParameter Of(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
