using UsageLedger.EventLog.Verifying;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>One copy of the log that is edited, verified and put back again and again: the tables as they were stand beside it.</summary>
internal sealed class EditedLog(TamperedLog log, LogCopy copy) : IAsyncDisposable
{
    private static readonly (string Table, string Key)[] Tables =
    [
        ("mt_events", "seq_id"), ("mt_streams", "tenant_id, id"), ("log_head", "one"), ("log_tiles", "level, index"), ("log_types", "type, seq_id"),
        ("log_subjects", "subject, seq_id"), ("log_keys", "key_id"), ("log_checkpoints", "size, key_id"),
    ];

    private const string Now = "select pg_current_xact_id()::text::bigint";

    private long untouched;

    public long Size => log.Size;

    public IReadOnlyList<long> Heads => log.Heads;

    public LogCopy Copy => copy;

    /// <summary>As the host verifies: with the heads and the key that are kept outside the database.</summary>
    public VerifyOptions Kept => log.Options;

    /// <summary>As somebody verifies who has the database alone.</summary>
    public VerifyOptions Alone => log.WithoutKept;

    /// <summary>Name and type of the columns that Marten's tables have in this database.</summary>
    public required IReadOnlyList<(string Table, string Column, string Type)> Columns { get; init; }

    public static async Task<EditedLog> OpenAsync(TamperedLog log)
    {
        var copy = await log.CopyAsync();
        await copy.DoAsync("create schema pristine");
        foreach (var (table, _) in Tables)
            await copy.DoAsync($"create table pristine.{table} as select * from ledger.{table}");
        await copy.DoAsync("analyze");
        return new EditedLog(log, copy) { Columns = await ColumnsAsync(copy), untouched = await copy.AskAsync<long>(Now) };
    }

    public Task<int> DoAsync(string sql, params object[] values) => copy.DoAsync(sql, values);

    public Task<T> AskAsync<T>(string sql, params object[] values) => copy.AskAsync<T>(sql, values);

    public long Position(Random random) => random.NextInt64(1, Size + 1);

    /// <summary>A position that a signed head covers.</summary>
    public long Covered(Random random) => random.NextInt64(1, Heads[^1] + 1);

    /// <summary>Where the search for a rewritten event ends: behind the last head before it.</summary>
    public long AfterHeadBefore(long position) => Heads.LastOrDefault(size => size < position) + 1;

    /// <summary>Puts back what an edit changed, and leaves the rest alone: a row that was written since is younger than the last restoring.</summary>
    public async Task RestoreAsync()
    {
        await copy.DoAsync(string.Concat(Tables.Select(Restore)));
        untouched = await AskAsync<long>(Now);
    }

    public ValueTask DisposeAsync() => copy.DisposeAsync();

    private string Restore((string Table, string Key) one) => $"""
        delete from ledger.{one.Table} where xmin::text::bigint > {untouched};
        insert into ledger.{one.Table} select * from pristine.{one.Table} where ({one.Key}) not in (select {one.Key} from ledger.{one.Table});

        """;

    private static async Task<IReadOnlyList<(string, string, string)>> ColumnsAsync(LogCopy copy)
    {
        await using var select = copy.Database.CreateCommand("""
            select table_name, column_name, data_type from information_schema.columns where table_schema = 'ledger' order by table_name, ordinal_position
            """);
        await using var reader = await select.ExecuteReaderAsync();
        var columns = new List<(string, string, string)>();
        while (await reader.ReadAsync())
            columns.Add((reader.GetString(0), reader.GetString(1), reader.GetString(2)));
        return columns;
    }
}
