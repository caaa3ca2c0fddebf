using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>A request enters the log as a whole or not at all, and alone answers for itself.</summary>
public sealed class RequestSpecs
{
    [Fact]
    public async Task Version_0_means_that_the_stream_must_not_exist()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();

        (await appender.AppendAsync(Expecting("a", 0), default)).VersionConflict.ShouldBeFalse();
        (await appender.AppendAsync(Expecting("b", 0), default)).ShouldBe(AppendOutcome.Conflict);

        (await log.HeadAsync()).ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_moved_on_refuses_the_whole_request()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", 3), default);

        (await appender.AppendAsync(Expecting("late", 2), default)).ShouldBe(AppendOutcome.Conflict);
        (await log.Appender("other").AppendAsync(Expecting("right", 3), default)).Positions().ShouldBe([4]);
        (await appender.AppendAsync(Expecting("late", 3), default)).ShouldBe(AppendOutcome.Conflict);
        (await appender.AppendAsync(Expecting("right again", 4), default)).Positions().ShouldBe([5]);
    }

    [Fact]
    public async Task Every_expected_stream_must_hold()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", 3), default);

        var both = Appends.Of(Appends.Item("x")) with { Expected = [new("s", 3), new("elsewhere", 1)] };

        (await appender.AppendAsync(both, default)).VersionConflict.ShouldBeTrue();
        (await log.HeadAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_conflict_refuses_its_own_request_and_no_other_of_the_group()
    {
        await using var log = await SpecLog.OpenAsync();

        var outcomes = await log.Groups().RunAsync([Expecting("a", 0), Expecting("b", 0), Expecting("c", 1), Appends.Of(Appends.Item("d"))]);

        outcomes.Select(outcome => outcome.VersionConflict).ShouldBe([false, true, false, false]);
        outcomes.SelectMany(outcome => outcome.Positions()).ShouldBe([1, 2, 3]);
    }

    [Fact]
    public async Task A_decision_that_throws_fails_its_own_request_and_no_other()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Of(Appends.Item("known")), default);
        var broken = Appends.Of(Appends.Item("never"), Appends.About("known", _ => throw new InvalidTimeZoneException("broken")));

        await using var held = await HeldHead.TakeAsync(log);
        var first = appender.AppendAsync(Appends.Of(Appends.Item("first")), default);
        await held.WaitForWaiterAsync();
        var others = Enumerable.Range(0, 9).Select(i => appender.AppendAsync(i == 4 ? broken : Appends.Many($"r{i}/", 3), default)).ToList();
        await held.ReleaseAsync();

        await first;
        await Should.ThrowAsync<InvalidTimeZoneException>(others[4]);
        others.RemoveAt(4);
        await Task.WhenAll(others);
        (await log.HeadAsync()).ShouldBe(2 + 8 * 3);
    }

    [Fact]
    public async Task A_value_that_the_tables_refuse_fails_its_own_request_and_no_other()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        var refused = Appends.Of(Appends.Item("never"), new AppendItem(Appends.Id("nul"), Appends.Event("nul") with { Data = Appends.Json("{\"a\":\"\\u0000\"}") }));

        await using var held = await HeldHead.TakeAsync(log);
        var first = appender.AppendAsync(Appends.Of(Appends.Item("first")), default);
        await held.WaitForWaiterAsync();
        var good = appender.AppendAsync(Appends.Many("good", 300), default);
        var bad = appender.AppendAsync(refused, default);
        await held.ReleaseAsync();

        await first;
        await Should.ThrowAsync<Npgsql.PostgresException>(bad);
        (await good).Positions().ShouldBe(Enumerable.Range(2, 300).Select(i => (long)i));
        (await log.HeadAsync()).ShouldBe(301);
    }

    [Fact]
    public async Task A_request_that_cannot_be_appended_is_no_trouble_of_the_log()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();

        await Should.ThrowAsync<Npgsql.PostgresException>(
            appender.AppendAsync(Appends.Of(new AppendItem(Appends.Id("nul"), Appends.Event("nul") with { Data = Appends.Json("{\"a\":\"\\u0000\"}") })), default));

        appender.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task A_text_that_is_no_Unicode_is_refused_in_the_middle_of_a_copy_and_leaves_nothing_behind()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        var halfAPair = Appends.Of([.. Appends.Many("k", 2_000).Items, Appends.Item("never", type: "half\ud83d")]);

        await Should.ThrowAsync<CanonicalJsonException>(appender.AppendAsync(halfAPair, default));

        (await appender.AppendAsync(Appends.Many("k", 2_000), default)).Positions().Max().ShouldBe(2_000);
        await Tree.ShouldBeWholeAsync(log);
    }

    private static AppendRequest Expecting(string key, long version) =>
        Appends.Of(Appends.Item(key)) with { Expected = [new("s", version)] };
}
