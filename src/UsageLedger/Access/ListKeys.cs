using Npgsql;

namespace UsageLedger.Access;

/// <summary>Asks for a tenant's keys, revoked and expired ones too, oldest first.</summary>
public sealed record ListKeys(string Tenant);

/// <inheritdoc cref="ListKeys"/>
public static class ListKeysHandler
{
    public const int KeysMax = 1_000;

    private const string Select = """
        select id, tenant, name, scopes, created_at, expires_at, revoked_at, last_used_at
        from ledger.api_keys
        where tenant = $1
        order by created_at, id
        limit $2
        """;

    public static async Task<IReadOnlyList<ApiKey>> Handle(ListKeys query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = KeysMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<ApiKey>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(ApiKeyRow.Read(reader));
        }

        return keys;
    }
}
