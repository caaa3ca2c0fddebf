using NodaTime;
using UsageLedger.EventLog.Appending;
using UsageLedger.Host.Health;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>The probe tells whether an append could succeed, and is none itself.</summary>
public sealed class WriteProbeSpecs
{
    private const string Everything = """
        select (select md5(string_agg(e::text, ',' order by seq_id)) from ledger.mt_events e), (select h::text from ledger.log_head h),
               (select string_agg(s::text, ',' order by id) from ledger.mt_streams s), (select md5(string_agg(t::text, ',' order by level, index)) from ledger.log_tiles t),
               (select string_agg(t::text, ',' order by seq_id) from ledger.log_types t), (select count(*) from ledger.log_subjects),
               (select last_value || ' ' || is_called from ledger.mt_events_sequence)
        """;

    private const string Size = "select pg_relation_size('ledger.mt_events') + pg_relation_size('ledger.log_subjects')";

    [Fact]
    public async Task A_probe_leaves_the_log_as_it_was()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", 300), default);
        await SpecLog.UntilAsync(async () => await log.AskAsync<long>("select last_value from ledger.mt_events_sequence") == 300, "the sequence has followed");
        var before = await log.RowsAsync(Everything);

        (await Probe(log).SucceedsAsync()).ShouldBeTrue();

        (await log.RowsAsync(Everything)).ShouldBe(before);
        (await appender.AppendAsync(Appends.Many("after", 1), default)).Positions().ShouldBe([301]);
    }

    [Theory]
    [InlineData("mt_events", "insert")]
    [InlineData("mt_streams", "insert")]
    [InlineData("log_tiles", "insert")]
    [InlineData("log_types", "insert")]
    [InlineData("log_subjects", "insert")]
    [InlineData("log_head", "update")]
    public async Task What_an_append_cannot_write_is_met_by_the_probe(string table, string verb)
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Appends.Many("k", 3), default);
        await log.DoAsync($"""
            create function public.refuse() returns trigger language plpgsql as $$ begin raise exception 'permission denied' using errcode = '42501'; end $$;
            create trigger refuse before {verb} on ledger.{table} for each statement execute function public.refuse();
            """);

        (await Probe(log).SucceedsAsync()).ShouldBeFalse();

        await log.DoAsync($"drop trigger refuse on ledger.{table}");
        (await Probe(log).SucceedsAsync()).ShouldBeTrue();
    }

    [Theory]
    [InlineData("update ledger.log_tiles set hashes = substring(hashes from 33)")]
    [InlineData("delete from ledger.log_tiles")]
    public async Task A_torn_tree_is_met_by_the_probe(string tear)
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Appends.Many("k", 3), default);

        await log.DoAsync(tear);

        (await Probe(log).SucceedsAsync()).ShouldBeFalse();
        await Should.ThrowAsync<TornTreeException>(log.Appender("other").AppendAsync(Appends.Many("new", 1), default));
    }

    [Fact]
    public async Task A_clock_that_is_ahead_is_met_by_the_probe()
    {
        await using var log = await SpecLog.OpenAsync();
        log.Clock.Now = SystemClock.Instance.GetCurrentInstant() + Duration.FromMinutes(5);

        (await Probe(log).SucceedsAsync()).ShouldBeTrue();
        var size = await log.AskAsync<long>(Size);
        (await Probe(log, Duration.FromMinutes(1)).SucceedsAsync()).ShouldBeFalse();
        (await log.AskAsync<long>(Size)).ShouldBe(size, "what an append refuses before it writes leaves no dead rows");
    }

    private static WriteProbe Probe(SpecLog log, Duration? aheadMax = null) => new(log.Database, log.Clock, new AppendOptions { BulkTypes = EventTypes.Bulk, ClockAheadMax = aheadMax });
}
