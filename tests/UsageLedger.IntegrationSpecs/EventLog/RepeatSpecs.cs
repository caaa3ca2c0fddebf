using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>The same id twice is one event, at any age, from whichever process.</summary>
public sealed class RepeatSpecs
{
    private const int Groups = 60;
    private const int GroupEvents = 200;
    private const string TriedAll = "select n_tup_ins >= 12000 from pg_stat_user_tables where relid = 'ledger.mt_events'::regclass";
    private const string ReadWhole = "select seq_tup_read from pg_stat_user_tables where relid = 'ledger.mt_events'::regclass";

    [Fact]
    public async Task A_repeat_within_one_request_is_a_duplicate_of_the_first()
    {
        await using var log = await SpecLog.OpenAsync();

        var outcome = await log.Appender().AppendAsync(Appends.Of(Appends.Item("a"), Appends.Item("b"), Appends.Item("a")), default);

        outcome.Items.ShouldBe([new("accepted", 1, 1), new("accepted", 2, 1), new("duplicate", 1, 0)]);
    }

    [Fact]
    public async Task A_repeat_across_requests_of_one_group_is_a_duplicate()
    {
        await using var log = await SpecLog.OpenAsync();

        var outcomes = await log.Groups().RunAsync([Appends.Many("k", 3), Appends.Many("k", 4, from: 1)]);

        outcomes[1].Items.ShouldBe([new("duplicate", 2, 0), new("duplicate", 3, 0), new("accepted", 4, 1), new("accepted", 5, 1)]);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(256)]
    [InlineData(257)]
    [InlineData(3_000)]
    public async Task A_repeat_across_groups_of_any_size_is_a_duplicate_and_only_the_rest_is_appended(int size)
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", size), default);

        var half = await appender.AppendAsync(Appends.Many("k", size, from: size / 2), default);
        var again = await log.Appender("other").AppendAsync(Appends.Many("k", size), default);

        half.Verdicts().Count(verdict => verdict == Decision.Duplicate).ShouldBe(size - size / 2);
        half.Positions().ShouldBe(Enumerable.Range(size / 2 + 1, size).Select(i => (long)i));
        again.Verdicts().ShouldAllBe(verdict => verdict == Decision.Duplicate);
        again.Positions().ShouldBe(Enumerable.Range(1, size).Select(i => (long)i));
        (await log.HeadAsync()).ShouldBe(size + size / 2);
        (await log.AskAsync<long>("select version from ledger.mt_streams")).ShouldBe(size + size / 2);
    }

    [Fact]
    public async Task After_a_repeat_was_met_unawares_the_next_big_groups_are_right_too()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        var head = 0L;

        for (var round = 0; round < 20; round++)
        {
            var outcome = await appender.AppendAsync(Appends.Many("k", 300, from: round * 299), default);
            outcome.Items.Count(item => item.Appended == 1).ShouldBe(round == 0 ? 300 : 299);
            head += outcome.Items.Sum(item => item.Appended);
            (await log.HeadAsync()).ShouldBe(head);
        }
    }

    [Theory]
    [InlineData(20)]
    [InlineData(700)]
    public async Task Two_processes_that_race_with_the_same_ids_append_each_once(int size)
    {
        await using var log = await SpecLog.OpenAsync();
        var appenders = new[] { log.Appender("one"), log.Appender("other") };

        var outcomes = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => Task.Run(() =>
            appenders[i % 2].AppendAsync(Appends.Many("k", size, from: i / 4 * size / 2), default))));

        (await log.HeadAsync()).ShouldBe(2 * size);
        outcomes.SelectMany(outcome => outcome.Items).Count(item => item.Appended == 1).ShouldBe(2 * size);
        var rows = await log.RowsAsync("select count(*), count(distinct id), max(seq_id), max(version) from ledger.mt_events");
        rows.ShouldBe([FormattableString.Invariant($"{2 * size} {2 * size} {2 * size} {2 * size}")]);
    }

    [Fact]
    public async Task A_repeat_is_looked_for_by_its_id_however_fast_the_log_has_grown()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("alter table ledger.mt_events set (autovacuum_enabled = off)");
        var appender = log.Appender();
        for (var group = 0; group < Groups; group++)
            await appender.AppendAsync(Appends.Many("k", GroupEvents, from: group * GroupEvents), default);
        await appender.DisposeAsync();

        await SpecLog.UntilAsync(() => log.AskAsync<bool>(TriedAll), "the server has counted what was read");
        (await log.AskAsync<long>(ReadWhole)).ShouldBeLessThan(Groups * GroupEvents, "of events that were read without an index");
    }

    [Fact]
    public async Task Another_tenants_id_is_not_visible()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Of(Appends.Item("a")), default);
        var seen = false;
        var probe = new AppendItem(Appends.Id("a"), Appends.Event("a"), known => Seen(known));

        var outcome = await appender.AppendAsync(new AppendRequest("globex", "spec", [probe, new AppendItem(Appends.Id("a"), null)]), default);
        var sameGroup = await log.Groups().RunAsync([Appends.Of(Appends.Item("b")), new AppendRequest("globex", "spec", [new AppendItem(Appends.Id("b"), null)])]);

        outcome.Items.ShouldBe([new("missing", 0, 0), new("missing", 0, 0)]);
        sameGroup[1].Items.ShouldBe([new("missing", 0, 0)]);
        seen.ShouldBeFalse();

        Decision Seen(KnownEvent known)
        {
            seen = known is not null;
            return new Decision("seen");
        }
    }
}
