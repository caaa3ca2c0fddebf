using NodaTime;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Marten's tables are Marten's: exactly its columns, keys and indexes, and rows that it can read.</summary>
public sealed class MartenFormatSpecs
{
    private const string Columns = """
        select table_name, column_name, udt_name, coalesce(character_maximum_length::text, '-'), is_nullable, coalesce(column_default, '-')
        from information_schema.columns where table_schema = 'ledger' and table_name like 'mt\_%' order by table_name, column_name
        """;

    private const string Keys = """
        select t.relname, c.conname, c.contype, pg_get_constraintdef(c.oid) from pg_constraint c join pg_class t on t.oid = c.conrelid
        where t.relnamespace = 'ledger'::regnamespace and t.relname like 'mt\_%' and c.contype <> 'n' order by c.conname desc
        """;

    private const string Indexes = """
        select indexname, indexdef from pg_indexes where schemaname = 'ledger' and tablename like 'mt\_%' order by indexname
        """;

    private const string Objects = """
        select relkind, relname from pg_class where relnamespace = 'ledger'::regnamespace and relname like 'mt\_%' and relkind <> 'i' order by relname
        """;

    private const string SequenceOwner = """
        select pg_get_serial_sequence('ledger.mt_events', 'seq_id')
        """;

    private const string Rows = """
        select seq_id, id = '2b0a4b1e-0000-8000-8000-000000000001', stream_id, version, data, bdata, type, timestamp at time zone 'UTC' = '2026-10-05 12:00:00.000001',
               tenant_id, mt_dotnet_type, correlation_id, causation_id, headers, is_archived
        from ledger.mt_events
        """;

    private const string Streams = """
        select tenant_id, id, type, version, timestamp at time zone 'UTC' = '2026-10-05 13:00:00', created at time zone 'UTC' = '2026-10-05 12:00:00.000001', is_archived
        from ledger.mt_streams
        """;

    [Fact]
    public async Task The_four_objects_have_the_columns_keys_and_indexes_that_Marten_wants_and_no_more()
    {
        await using var log = await SpecLog.OpenAsync();

        (await log.RowsAsync(Objects)).ShouldBe(["r mt_event_progression", "r mt_events", "S mt_events_sequence", "r mt_streams"]);
        (await log.RowsAsync(Columns)).ShouldBe(MartenTables.Columns);
        (await log.RowsAsync(Keys)).ShouldBe(MartenTables.Keys);
        (await log.RowsAsync(Indexes)).ShouldBe(MartenTables.Indexes);
        (await log.AskAsync<string>(SequenceOwner)).ShouldBe("ledger.mt_events_sequence");
    }

    [Fact]
    public async Task Rows_are_as_Marten_reads_them()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        log.Clock.Now += Duration.FromTicks(19);
        var added = new NewEvent(new Guid("2b0a4b1e-0000-8000-8000-000000000001"), "client-contoso", "usage_recorded", Appends.Json("""{"quantity":"1.50"}"""));

        await appender.AppendAsync(Appends.Of(new AppendItem(added.Id, added)) with { CorrelationId = "c1" }, default);
        (await log.RowsAsync(Rows)).ShouldBe(
            ["""1 True client-contoso 1 {"quantity": "1.50"} null usage_recorded True acme null c1 null null False"""]);

        log.Clock.Now = Instant.FromUtc(2026, 10, 5, 13, 0);
        await appender.AppendAsync(Appends.Of(Appends.Item("second", "client-contoso")), default);
        (await log.RowsAsync(Streams)).ShouldBe(["acme client-contoso null 2 True True False"]);
    }

    [Fact]
    public async Task The_log_leaves_Martens_own_progress_alone()
    {
        await using var log = await SpecLog.OpenAsync();

        await log.Appender().AppendAsync(Appends.Many("k", 3), default);

        (await log.AskAsync<long>("select count(*) from ledger.mt_event_progression")).ShouldBe(0);
    }
}
