using NodaTime;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>What waits is bounded; what is beyond the bounds is refused at once, and what was let in is kept.</summary>
public sealed class BackPressureSpecs
{
    private static readonly AppendOptions Small = new() { GroupEventsMax = 10, RequestEventsMax = 20, QueuedEventsMax = 20, WaitingEventsMax = 30 };

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task Beyond_the_bounds_a_request_is_refused_and_nothing_let_in_is_lost()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender(options: Small);
        await using var held = await HeldHead.TakeAsync(log);

        var letIn = Enumerable.Range(0, 10).Select(i => appender.AppendAsync(Appends.Many($"in{i}/", 5), default)).ToList();
        var refused = Enumerable.Range(0, 5).Select(i => appender.AppendAsync(Appends.Many($"out{i}/", 5), default)).ToList();
        foreach (var one in refused)
            await Should.ThrowAsync<LogBusyException>(one);
        await held.ReleaseAsync();
        await Task.WhenAll(letIn);

        (await log.HeadAsync()).ShouldBe(50);
        (await log.AskAsync<long>("select count(*) from ledger.mt_events where data ->> 'key' like 'out%'")).ShouldBe(0);
        (await appender.AppendAsync(Appends.Many("out0/", 5), default)).Positions().ShouldBe([51, 52, 53, 54, 55]);
    }

    [Fact]
    public async Task Large_events_reach_the_bounds_sooner()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender(options: Small);
        await using var held = await HeldHead.TakeAsync(log);

        var letIn = Enumerable.Range(0, 5).Select(i => appender.AppendAsync(Large($"in{i}", kib: 9), default)).ToList();
        await Should.ThrowAsync<LogBusyException>(appender.AppendAsync(Large("out", kib: 9), default));
        await held.ReleaseAsync();
        await Task.WhenAll(letIn);

        (await appender.AppendAsync(Large("alone", kib: 90), default)).Verdicts().ShouldBe(["accepted"]);
    }

    [Fact]
    public async Task A_group_holds_no_more_than_its_bound_unless_one_request_does()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender(options: Small);
        await using (var held = await HeldHead.TakeAsync(log))
        {
            var waiting = Enumerable.Range(0, 5).Select(i => appender.AppendAsync(Appends.Many($"k{i}/", 4), default)).ToList();
            await held.WaitForWaiterAsync();
            await held.ReleaseAsync();
            await Task.WhenAll(waiting);
        }

        await appender.AppendAsync(Appends.Many("big", 20), default);

        var groups = await log.RowsAsync("select count(*) from ledger.mt_events group by xmin order by min(seq_id)");
        groups.Sum(int.Parse).ShouldBe(40);
        groups[..^1].ShouldAllBe(size => size == "4" || size == "8");
        groups[^1].ShouldBe("20");
    }

    [Fact]
    public async Task A_request_above_its_bound_is_the_callers_mistake()
    {
        await using var log = await SpecLog.OpenAsync();

        await Should.ThrowAsync<ArgumentOutOfRangeException>(log.Appender(options: Small).AppendAsync(Appends.Many("k", 21), default));
    }

    [Fact]
    public async Task A_caller_that_leaves_takes_back_nothing_that_was_queued()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        using var leaving = new CancellationTokenSource();
        await using var held = await HeldHead.TakeAsync(log);

        var left = appender.AppendAsync(Appends.Of(Appends.Item("a")), leaving.Token);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(left);
        await held.ReleaseAsync();

        (await appender.AppendAsync(Appends.Of(Appends.Item("a")), default)).Verdicts().ShouldBe(["duplicate"]);
    }

    [Fact]
    public async Task A_host_that_holds_the_head_and_does_nothing_loses_it()
    {
        await using var log = await SpecLog.OpenAsync();
        using var leave = new ManualResetEventSlim();
        var held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Decision Hold(KnownEvent known)
        {
            held.SetResult();
            return new Decision(leave.Wait(Patience) ? "late" : "never");
        }

        await log.Appender().AppendAsync(Appends.Of(Appends.Item("known")), default);
        var stuck = log.Appender("stuck", new AppendOptions { HeadHeldMax = TimeSpan.FromMilliseconds(300) })
            .AppendAsync(Appends.Of(Appends.About("known", Hold)), default);
        await held.Task;

        (await log.Appender("other").AppendAsync(Appends.Of(Appends.Item("next")), default)).Positions().ShouldBe([2]);

        leave.Set();
        await Should.ThrowAsync<Npgsql.NpgsqlException>(stuck);
        (await log.HeadAsync()).ShouldBe(2);
    }

    [Fact]
    public async Task A_host_whose_clock_is_ahead_appends_nothing_until_it_is_right()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender(options: new AppendOptions { ClockAheadMax = Duration.FromMinutes(1) });
        var now = Instant.FromDateTimeUtc(await log.AskAsync<DateTime>("select clock_timestamp()"));

        log.Clock.Now = now + Duration.FromMinutes(2);
        (await Should.ThrowAsync<ClockAheadException>(appender.AppendAsync(Appends.Many("k", 3), default))).Message.ShouldContain("clock");
        (await log.HeadAsync()).ShouldBe(0);
        appender.Trouble!.Failure.ShouldBeOfType<ClockAheadException>();

        log.Clock.Now = now;
        (await appender.AppendAsync(Appends.Many("k", 3), default)).Positions().ShouldBe([1, 2, 3]);
        appender.Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task An_appender_that_closes_commits_what_it_has_taken()
    {
        await using var log = await SpecLog.OpenAsync();
        var appender = log.Appender();
        var taken = Enumerable.Range(0, 50).Select(i => appender.AppendAsync(Appends.Many($"k{i}/", 3), default)).ToList();

        await appender.DisposeAsync();

        await Task.WhenAll(taken);
        (await log.HeadAsync()).ShouldBe(150);
        await Should.ThrowAsync<ObjectDisposedException>(appender.AppendAsync(Appends.Of(Appends.Item("late")), default));
    }

    private static AppendRequest Large(string key, int kib) =>
        Appends.Of(new AppendItem(Appends.Id(key), new NewEvent(Appends.Id(key), "s", "usage_recorded", Appends.Json($$"""{"text":"{{new string('x', kib * 1024)}}"}"""))));
}
