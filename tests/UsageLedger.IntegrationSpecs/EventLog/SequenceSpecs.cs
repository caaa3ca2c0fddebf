using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>Marten's sequence follows the log's head, never ahead of what is committed and never back.</summary>
public sealed class SequenceSpecs
{
    private const string LastValue = "select case when is_called then last_value else 0 end from ledger.mt_events_sequence";

    [Fact]
    public async Task When_nothing_more_comes_the_sequence_stands_at_the_head()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        var head = 0L;

        foreach (var size in new[] { 1, 1, 5, 300 })
        {
            await appender.AppendAsync(Appends.Many($"{size}/{head}/", size), default);
            head += size;
            await ShouldComeToAsync(log, head);
        }
    }

    [Fact]
    public async Task A_process_that_opens_raises_what_a_killed_one_left_behind()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Groups().RunAsync([Appends.Many("k", 7)]);
        (await log.AskAsync<long>(LastValue)).ShouldBe(0);

        _ = log.Appender();

        await ShouldComeToAsync(log, 7);
    }

    [Fact]
    public async Task Numbers_of_a_rolled_back_group_are_not_passed()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        await appender.AppendAsync(Appends.Many("k", 3), default);
        await ShouldComeToAsync(log, 3);

        await Should.ThrowAsync<InvalidTimeZoneException>(appender.AppendAsync(
            Appends.Of(Appends.Item("never"), Appends.About("k0", _ => throw new InvalidTimeZoneException())), default));
        (await log.AskAsync<long>(LastValue)).ShouldBe(3);

        (await appender.AppendAsync(Appends.Of(Appends.Item("next")), default)).Positions().ShouldBe([4]);
        await ShouldComeToAsync(log, 4);
    }

    [Fact]
    public async Task It_never_goes_back_while_processes_take_turns()
    {
        await using var log = await SpecLog.OpenAsync();
        var appenders = new[] { log.Appender("one"), log.Appender("other"), log.Appender("third") };
        var appending = Task.WhenAll(appenders.Select((appender, i) => Task.Run(() => AppendAsync(appender, i))));
        var last = 0L;

        while (!appending.IsCompleted)
        {
            // In this order: a head read first could be passed by a commit before the sequence is read.
            var value = await log.AskAsync<long>(LastValue);
            value.ShouldBeInRange(last, await log.HeadAsync());
            last = value;
        }

        await appending;
        await ShouldComeToAsync(log, 3 * 60 * 2);
    }

    [Fact]
    public async Task A_sequence_that_is_ahead_is_left_there()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.DoAsync("select setval('ledger.mt_events_sequence', 50)");

        // Callers are answered before the sequence is raised; an appender that has ended has raised it.
        await using (var appender = log.Appender())
            await appender.AppendAsync(Appends.Many("k", 3), default);
        await using (var other = log.Appender("other"))
            await other.AppendAsync(Appends.Many("k", 5), default);

        (await log.AskAsync<long>(LastValue)).ShouldBe(50);
    }

    private static async Task AppendAsync(LogAppender appender, int process)
    {
        for (var i = 0; i < 60; i++)
            await appender.AppendAsync(Appends.Many($"{process}/{i}/", 2, "s" + process), default);
    }

    private static Task ShouldComeToAsync(SpecLog log, long position) =>
        SpecLog.UntilAsync(async () => await log.AskAsync<long>(LastValue) == position, $"the sequence stands at {position}");
}
