using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>The tables that a log consists of.</summary>
internal static class LogTables
{
    private const string SelectMissing = """
        select coalesce(array_agg(t.name order by t.name) filter (where to_regclass('ledger.' || t.name) is null), '{}'), count(*)
        from unnest(array['mt_events', 'mt_streams', 'log_head', 'log_tiles', 'log_types', 'log_subjects', 'log_keys', 'log_checkpoints']) as t (name)
        """;

    /// <exception cref="LogMissingException">The database lacks one of them.</exception>
    public static async Task RefuseMissingAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectMissing, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var missing = reader.GetFieldValue<string[]>(0);
        if (missing.Length > 0)
        {
            throw new LogMissingException(missing.Length == reader.GetInt64(1)
                ? "The database holds no ledger: it was never migrated, or it is another one."
                : $"The database's ledger lacks {string.Join(", ", missing)}: it is older than this program ('ledger migrate' brings it up to date), or they were dropped.");
        }
    }
}
