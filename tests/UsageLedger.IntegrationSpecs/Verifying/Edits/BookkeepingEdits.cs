namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Streams, the ledger's own lists and its head are edited.</summary>
internal static class BookkeepingEdits
{
    private const string StreamChanged = "stream_changed";
    private const string IndexChanged = "index_changed";
    private const string HeadChanged = "head_changed";

    private const string SelectStream = """
        select tenant_id || ' ' || id from ledger.mt_streams order by md5(id || tenant_id || $1::text) limit 1
        """;

    private const string SelectLast = "select max(seq_id) from ledger.mt_events where tenant_id = $1 and stream_id = $2";

    private static readonly string[] ListEdits =
    [
        "delete from ledger.log_types where seq_id = $1",
        "update ledger.log_types set type = 'cycle_closed' where seq_id = $1",
        "insert into ledger.log_types select 'cycle_closed', seq_id from ledger.log_types where seq_id = $1",
        "delete from ledger.log_subjects where seq_id = $1",
        "update ledger.log_subjects set subject = md5($1::text)::uuid where seq_id = $1",
        "insert into ledger.log_subjects select md5($1::text)::uuid, seq_id from ledger.log_subjects where seq_id = $1",
    ];

    public static IEnumerable<Edit> All =>
    [
        new("stream version back", (log, random) => StreamAsync(log, random, "version = version - 1")),
        new("stream without version", (log, random) => StreamAsync(log, random, "version = null")),
        new("delete a stream", DeleteStreamAsync),
        new("add a stream", AddStreamAsync),
        .. ListEdits.Select((statement, number) => new Edit($"list {number}", (log, random) => ListAsync(log, random, statement))),
        new("list too much", ListTooMuchAsync),
        new("head on", (log, random) => HeadAsync(log, random, 1)),
        new("head back", (log, random) => HeadAsync(log, random, -1)),
        new("head time", HeadTimeAsync),
        new("delete the head", DeleteHeadAsync),
    ];

    public static IEnumerable<Edit> OfColumns(EditedLog log) => log.Columns.Where(column => column.Table == "mt_streams").Select(column => new Edit(
        $"stream column {column.Column}",
        (edited, random) => StreamAsync(
            edited, random, $"{column.Column} = {ColumnValue.Another(column.Column, column.Type, random)}", isRenamed: column.Column is "id" or "tenant_id")));

    private static async Task<Expected> StreamAsync(EditedLog log, Random random, string change, bool isRenamed = false)
    {
        var (tenant, id, last) = await StreamAsync(log, random);
        await log.DoAsync($"update ledger.mt_streams set {change} where tenant_id = $1 and id = $2", tenant, id);
        return isRenamed ? new([(last, StreamChanged), (0, StreamChanged)]) : Expected.Only(last, StreamChanged);
    }

    private static async Task<Expected> DeleteStreamAsync(EditedLog log, Random random)
    {
        var (tenant, id, last) = await StreamAsync(log, random);
        await log.DoAsync("delete from ledger.mt_streams where tenant_id = $1 and id = $2", tenant, id);
        return Expected.Only(last, StreamChanged);
    }

    private static async Task<Expected> AddStreamAsync(EditedLog log, Random random)
    {
        await log.DoAsync("insert into ledger.mt_streams (tenant_id, id, version) values ('acme', 'client-none', $1)", (long)random.Next(3));
        return Expected.Only(0, StreamChanged);
    }

    private static async Task<(string Tenant, string Id, long Last)> StreamAsync(EditedLog log, Random random)
    {
        var names = (await log.AskAsync<string>(SelectStream, random.Next())).Split(' ');
        return (names[0], names[1], await log.AskAsync<long>(SelectLast, names[0], names[1]));
    }

    private static async Task<Expected> ListAsync(EditedLog log, Random random, string statement)
    {
        var table = statement.Contains("log_types", StringComparison.Ordinal) ? "log_types" : "log_subjects";
        var position = await log.AskAsync<long>($"select seq_id from ledger.{table} order by md5(seq_id::text || $1::text) limit 1", random.Next());
        await log.DoAsync(statement, position);
        return Expected.Only(position, IndexChanged);
    }

    private static async Task<Expected> ListTooMuchAsync(EditedLog log, Random random)
    {
        var position = log.Position(random) * (random.Next(3) - 1);
        await log.DoAsync("insert into ledger.log_types values ('client_dreamt', $1)", position);
        return Expected.Only(position, IndexChanged);
    }

    private static async Task<Expected> HeadAsync(EditedLog log, Random random, int sign)
    {
        var by = random.NextInt64(1, log.Size);
        await log.DoAsync("update ledger.log_head set position = position + $1", sign * by);
        return Expected.Only(Math.Min(log.Size, log.Size + (sign * by)) + 1, HeadChanged);
    }

    private static async Task<Expected> HeadTimeAsync(EditedLog log, Random random)
    {
        await log.DoAsync("update ledger.log_head set recorded_at = recorded_at - $1 * interval '1 microsecond'", (long)random.Next(1, 1_000_000));
        return Expected.Only(log.Size, HeadChanged);
    }

    private static async Task<Expected> DeleteHeadAsync(EditedLog log, Random random)
    {
        await log.DoAsync("delete from ledger.log_head");
        return Expected.Only(1, HeadChanged);
    }
}
