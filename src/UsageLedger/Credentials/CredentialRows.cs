using NodaTime;
using Npgsql;

namespace UsageLedger.Credentials;

/// <summary>The sealed credentials in the database. A row counts from the event of its id.</summary>
internal static class CredentialRows
{
    private const string SelectStarts = """
        select c.id, e.timestamp, c.grace_seconds, e.seq_id
        from ledger.credentials c
        join ledger.mt_events e on e.id = c.id
        where c.tenant_id = $1 and c.source_id = $2
        order by e.seq_id desc limit $3
        """;

    private const string SelectSealed = """
        select id, tenant_id, source_id, master_key_id, sealed_key, sealed_values
        from ledger.credentials where id = any($1)
        """;

    private const string SelectSources = """
        select distinct c.source_id
        from ledger.credentials c
        join ledger.mt_events e on e.id = c.id
        where c.tenant_id = $1
        """;

    private const string SelectBaseUrl = """
        select data ->> 'baseUrl' from ledger.mt_events
        where tenant_id = $1 and stream_id = $2 and type = 'source_configured' and seq_id < $3
        order by version desc limit 1
        """;

    private const string InsertRow = """
        insert into ledger.credentials (id, tenant_id, source_id, grace_seconds, master_key_id, sealed_key, sealed_values, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string DeleteRows = """
        delete from ledger.credentials c
        where c.id = any($1)
            or c.created_at < $2 and not exists (select from ledger.mt_events e where e.id = c.id)
        """;

    /// <summary>Newest first.</summary>
    public static async Task<IReadOnlyList<CredentialLife>> LivesAsync(
        NpgsqlDataSource database, string tenant, string sourceId, int countMax, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectStarts);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = sourceId });
        select.Parameters.Add(new() { Value = countMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var starts = new List<CredentialStart>();
        while (await reader.ReadAsync(ct))
        {
            starts.Add(new CredentialStart(reader.GetGuid(0), reader.GetInstant(1), reader.GetInt32(2), reader.GetInt64(3)));
        }

        return CredentialLife.Of(starts);
    }

    /// <summary>In the order of the ids; one that is gone is left out.</summary>
    public static async Task<IReadOnlyList<SealedCredential>> SealedAsync(NpgsqlDataSource database, IReadOnlyList<Guid> ids, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectSealed);
        select.Parameters.Add(new() { Value = ids.ToArray() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new Dictionary<Guid, SealedCredential>();
        while (await reader.ReadAsync(ct))
        {
            var row = Read(reader);
            rows.Add(row.Id, row);
        }

        return [.. ids.Where(rows.ContainsKey).Select(id => rows[id])];
    }

    /// <summary>The sources of a tenant that have credentials.</summary>
    public static async Task<IReadOnlySet<string>> SourcesAsync(NpgsqlDataSource database, string tenant, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectSources);
        select.Parameters.Add(new() { Value = tenant });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new HashSet<string>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            sources.Add(reader.GetString(0));
        }

        return sources;
    }

    /// <summary>Where the source lay at this position of the log; null: there was none.</summary>
    public static async Task<string?> BaseUrlAsync(NpgsqlDataSource database, string tenant, string sourceId, long position, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectBaseUrl);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = StreamNames.OfSource(sourceId) });
        select.Parameters.Add(new() { Value = position });
        return await select.ExecuteScalarAsync(ct) as string;
    }

    public static async Task AddAsync(NpgsqlDataSource database, SealedCredential credential, int graceSeconds, Instant now, CancellationToken ct)
    {
        await using var insert = database.CreateCommand(InsertRow);
        insert.Parameters.Add(new() { Value = credential.Id });
        insert.Parameters.Add(new() { Value = credential.Tenant });
        insert.Parameters.Add(new() { Value = credential.SourceId });
        insert.Parameters.Add(new() { Value = graceSeconds });
        insert.Parameters.Add(new() { Value = credential.MasterKeyId });
        insert.Parameters.Add(new() { Value = credential.Key });
        insert.Parameters.Add(new() { Value = credential.Values });
        insert.Parameters.Add(Columns.Of(now));
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Erases these, and whatever older row never came to count.</summary>
    public static async Task EraseAsync(NpgsqlDataSource database, IReadOnlyList<Guid> ids, Instant abandonedBefore, CancellationToken ct)
    {
        await using var delete = database.CreateCommand(DeleteRows);
        delete.Parameters.Add(new() { Value = ids.ToArray() });
        delete.Parameters.Add(Columns.Of(abandonedBefore));
        await delete.ExecuteNonQueryAsync(ct);
    }

    internal static SealedCredential Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3),
        reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5));
}
