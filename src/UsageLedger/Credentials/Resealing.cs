using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Credentials;

/// <summary>Seals rows anew under another master key, a page a transaction.</summary>
internal static class Resealing
{
    private const int PageRows = 100;

    /// <summary>Rows that another process works on are left to it.</summary>
    private const string SelectCredentials = """
        select id, tenant_id, source_id, master_key_id, sealed_key, sealed_values
        from ledger.credentials where master_key_id <> $1
        order by id limit $2 for update skip locked
        """;

    private const string UpdateCredential = "update ledger.credentials set master_key_id = $2, sealed_key = $3 where id = $1";

    private const string SelectKeys = "select name, master_key_id, sealed_key from ledger.sealed_keys where master_key_id <> $1 order by name for update";

    private const string UpdateKey = "update ledger.sealed_keys set master_key_id = $2, sealed_key = $3 where name = $1";

    private const string AnyLeft = """
        select exists (select from ledger.credentials where master_key_id <> $1) or exists (select from ledger.sealed_keys where master_key_id <> $1)
        """;

    public static async Task<bool> IsAnyLeftAsync(NpgsqlDataSource database, string masterKeyId, CancellationToken ct)
    {
        await using var select = database.CreateCommand(AnyLeft);
        select.Parameters.Add(new() { Value = masterKeyId });
        return await select.ExecuteScalarAsync(ct) is true;
    }

    /// <summary>The events come first: whoever dies before the rows follow writes the same events again, which are known then.</summary>
    /// <returns>How many rows the page had.</returns>
    public static async Task<int> CredentialsAsync(NpgsqlDataSource database, MasterKeys masters, MasterKey next, LogAppender log, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var resealed = new List<SealedCredential>();
        await using (var select = new NpgsqlCommand(SelectCredentials, connection) { Parameters = { new() { Value = next.Id }, new() { Value = PageRows } } })
        await using (var reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                var row = CredentialRows.Read(reader);
                resealed.Add(row.Resealed(masters.Find(row.MasterKeyId), next));
            }
        }

        foreach (var tenant in resealed.GroupBy(row => row.Tenant))
        {
            var events = tenant.Select(CredentialEvents.Resealed).Select(added => new AppendItem(added.Id, added)).ToList();
            await log.AppendAsync(new AppendRequest(tenant.Key, "rotate-master:" + next.Id, events), ct);
        }

        foreach (var row in resealed)
        {
            await UpdateAsync(connection, UpdateCredential, row.Id, next.Id, row.Key, ct);
        }

        await transaction.CommitAsync(ct);
        return resealed.Count;
    }

    /// <summary>The ledger's own keys, which are few.</summary>
    public static async Task<int> KeysAsync(NpgsqlDataSource database, MasterKeys masters, MasterKey next, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var resealed = new List<(string Name, byte[] Key)>();
        await using (var select = new NpgsqlCommand(SelectKeys, connection) { Parameters = { new() { Value = next.Id } } })
        await using (var reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                var (name, place) = (reader.GetString(0), SealedKeys.BoundTo(reader.GetString(0)));
                var key = masters.Find(reader.GetString(1)).Open(reader.GetFieldValue<byte[]>(2), place);
                resealed.Add((name, next.Seal(key, place)));
            }
        }

        foreach (var (name, key) in resealed)
        {
            await UpdateAsync(connection, UpdateKey, name, next.Id, key, ct);
        }

        await transaction.CommitAsync(ct);
        return resealed.Count;
    }

    private static async Task UpdateAsync(NpgsqlConnection connection, string sql, object id, string masterKeyId, byte[] key, CancellationToken ct)
    {
        await using var update = new NpgsqlCommand(sql, connection)
        {
            Parameters = { new() { Value = id }, new() { Value = masterKeyId }, new() { Value = key } },
        };
        await update.ExecuteNonQueryAsync(ct);
    }
}
