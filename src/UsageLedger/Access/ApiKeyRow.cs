using Npgsql;

namespace UsageLedger.Access;

/// <summary>Reads a row of <c>ledger.api_keys</c>: id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at.</summary>
internal static class ApiKeyRow
{
    public static ApiKey Read(NpgsqlDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), Scopes.Read(row.GetFieldValue<string[]>(3), out _),
        row.GetInstant(4), row.GetInstantOrNull(5), row.GetInstantOrNull(6), row.GetInstantOrNull(7));
}
