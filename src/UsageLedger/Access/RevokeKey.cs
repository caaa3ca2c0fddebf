using NodaTime;
using Npgsql;

namespace UsageLedger.Access;

/// <summary>Ends a key's life; every host refuses it within five seconds.</summary>
public sealed record RevokeKey(string Tenant, Guid Id);

/// <inheritdoc cref="RevokeKey"/>
public static class RevokeKeyHandler
{
    private const string Revoke = """
        update ledger.api_keys set revoked_at = coalesce(revoked_at, $3)
        where tenant = $1 and id = $2
        returning id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at
        """;

    /// <returns>The key, or null if the tenant has no such key. A second time changes nothing.</returns>
    public static async Task<ApiKey?> Handle(RevokeKey command, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        await using var revoke = database.CreateCommand(Revoke);
        revoke.Parameters.Add(new() { Value = command.Tenant });
        revoke.Parameters.Add(new() { Value = command.Id });
        revoke.Parameters.Add(new() { Value = clock.GetCurrentInstant().ToDateTimeUtc() });
        await using var reader = await revoke.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? ApiKeyRow.Read(reader) : null;
    }
}
