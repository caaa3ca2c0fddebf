using System.Text.RegularExpressions;
using UsageLedger.EventLog.Appending;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>A row that somebody else put where the log would write next stops the log, loudly, and changes nothing.</summary>
public sealed partial class ForeignRowSpecs
{
    private const string AsMartenAppends = """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
        select nextval('ledger.mt_events_sequence'), gen_random_uuid(), 'theirs', 1, '{}', 'foreign', 'acme'
        """;

    private const string InOurStream = """
        insert into ledger.mt_events (seq_id, id, stream_id, version, data, type, tenant_id)
        values (1000000, gen_random_uuid(), 's', 4, '{}', 'foreign', 'acme')
        """;

    private const string Everything = """
        select (select count(*) from ledger.mt_events), (select position from ledger.log_head), (select last_value from ledger.mt_events_sequence),
               (select string_agg(id || version, ',') from ledger.mt_streams), (select md5(string_agg(hashes, '' order by level, index)) from ledger.log_tiles)
        """;

    [GeneratedRegex(@"(?<=^```sql\n)create schema if not exists foreign_rows.*?(?=^```)", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex Statements();

    /// <summary>As the page for operators gives it.</summary>
    private static Match WayOut() => Statements().Match(Page.Read("docs/operating.md").Text);

    [Theory]
    [InlineData(AsMartenAppends, 5)]
    [InlineData(AsMartenAppends, 500)]
    [InlineData(InOurStream, 500)]
    public async Task A_foreign_row_in_the_way_refuses_every_append_until_it_is_dealt_with(string insert, int size)
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", 3), default);
        await SpecLog.UntilAsync(async () => await log.AskAsync<long>("select last_value from ledger.mt_events_sequence") == 3, "the sequence has followed");
        await log.DoAsync(insert);
        var before = await log.RowsAsync(Everything);

        for (var round = 0; round < 2; round++)
            await Should.ThrowAsync<ForeignAppendException>(appender.AppendAsync(Appends.Many("new", size), default));
        await Should.ThrowAsync<ForeignAppendException>(log.Appender("other").AppendAsync(Appends.Many("k", size), default));

        (await log.RowsAsync(Everything)).ShouldBe(before);
        await log.DoAsync(WayOut().Value);
        (await log.AskAsync<long>("select count(*) from foreign_rows.mt_events where type = 'foreign'")).ShouldBe(1);
        (await appender.AppendAsync(Appends.Many("new", size), default)).Positions().First().ShouldBe(4);
    }
}
