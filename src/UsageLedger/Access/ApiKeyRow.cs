using NodaTime;
using Npgsql;

namespace UsageLedger.Access;

/// <summary>Reads a row of <c>ledger.api_keys</c>: id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at.</summary>
internal static class ApiKeyRow
{
    public static ApiKey Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), Scopes.Read(row.GetFieldValue<string[]>(3), out _),
        Time(row, 4)!.Value, Time(row, 5), Time(row, 6), Time(row, 7));

    private static Instant? Time(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : Instant.FromDateTimeUtc(row.GetDateTime(column));
}
