using NodaTime;
using Npgsql;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Reporting;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Read models follow the log at once, and count each event exactly once whatever ends under them.</summary>
public sealed class CatchUpSpecs(ITestOutputHelper output)
{
    private const string Bucketed = "select sum(records), sum(quantity) from read.usage_buckets";
    private const string Booked = "select sum(records), sum(quantity) from read.cycle_aggregates";

    private const string Listens = """
        select exists (select from pg_stat_activity where datname = current_database() and query = 'listen ledger_log' and state = 'idle')
        """;

    private static readonly Instant Start = Instant.FromUtc(2026, 10, 1, 0, 0);

    private static readonly ProjectionOptions Asleep = RunningProjections.Brisk with { PollEvery = TimeSpan.FromMinutes(10) };

    [Fact]
    public async Task What_is_in_the_log_is_caught_up_in_batches()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Request("k", 1_000), default);

        await using var running = RunningProjections.Start(log, options: RunningProjections.Brisk with { BatchPositionsMax = 70 });
        await log.UntilCaughtUpAsync();

        await ShouldCountAsync(log, 1_000);
        (await log.StatusAsync(UsageBuckets.ProjectionName)).ShouldBe(new ProjectionStatus(UsageBuckets.ProjectionName, 1_000, 0, "running", null, null));
    }

    [Fact]
    public async Task Appends_of_another_process_wake_the_projections()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log, options: Asleep);
        await SpecLog.UntilAsync(() => log.AskAsync<bool>(Listens), "the listener listens");
        var elsewhere = log.Appender();

        for (var round = 1; round <= 5; round++)
        {
            await elsewhere.AppendAsync(Request($"{round}/", 3), default);
            await log.UntilCaughtUpAsync();
            await ShouldCountAsync(log, round * 3);
        }
    }

    [Fact]
    public async Task Appends_of_the_same_process_wake_the_projections_without_a_listener()
    {
        await using var log = await SpecLog.OpenAsync();
        var head = new UsageLedger.EventLog.LogSignal();
        await using var running = RunningProjections.Start(log, options: Asleep, head: head);
        await SpecLog.UntilAsync(() => log.AskAsync<bool>(Listens), "the listener listens");
        await log.DoAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen ledger_log'");

        await log.Appender(head: head).AppendAsync(Request("k", 3), default);

        await log.UntilCaughtUpAsync();
        await ShouldCountAsync(log, 3);
    }

    [Fact]
    public async Task A_false_NOTIFY_moves_nothing_past_the_head()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        await SpecLog.UntilAsync(() => log.AskAsync<bool>(Listens), "the listener listens");

        await log.DoAsync("select pg_notify('ledger_log', '1000000'), pg_notify('ledger_log', 'no number')");
        await log.Appender().AppendAsync(Request("k", 300), default);
        await log.UntilCaughtUpAsync();

        await ShouldCountAsync(log, 300);
        (await log.StatusAsync(CycleAggregates.ProjectionName)).Position.ShouldBe(300);
    }

    [Fact]
    public async Task A_reader_waits_until_a_read_model_has_what_was_written()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        var reads = new ReadModels(log.Database, new ReadSignal());

        var outcome = await log.Appender().AppendAsync(Request("k", 50), default);

        (await reads.WaitForAsync(outcome.Positions().Max(), [UsageBuckets.ProjectionName, CycleAggregates.ProjectionName], default)).ShouldBeTrue();
        await ShouldCountAsync(log, 50);
    }

    [Fact]
    public async Task Projections_that_start_while_the_database_is_away_wait_for_it()
    {
        await using var log = await SpecLog.OpenAsync();
        await log.Appender().AppendAsync(Request("k", 3), default);
        await log.DoAsync("create sequence ledger.tries");
        await log.DoAsync("create function ledger.away() returns trigger language plpgsql as $$ begin perform nextval('ledger.tries'); raise exception 'away' using errcode = '57P03'; end $$");
        await log.DoAsync("create trigger away before insert on ledger.projections execute function ledger.away()");

        await using var running = RunningProjections.Start(log);
        await SpecLog.UntilAsync(() => log.AskAsync<bool>("select last_value >= 2 from ledger.tries"), "it was tried twice");
        await log.DoAsync("drop trigger away on ledger.projections");

        await log.UntilCaughtUpAsync();
        await ShouldCountAsync(log, 3);
    }

    [Fact]
    public async Task Each_event_counts_once_though_sessions_end_at_random()
    {
        var seed = Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var log = await SpecLog.OpenAsync();
        await using var one = RunningProjections.Start(log, "one", RunningProjections.Brisk with { BatchPositionsMax = 40 });
        await using var other = RunningProjections.Start(log, "other", RunningProjections.Brisk with { BatchPositionsMax = 90 });
        var appender = log.Appender();

        for (var round = 0; round < 40; round++)
        {
            await appender.AppendAsync(Request($"{round}/", 25), default);
            await log.TerminateAsync(random.Next(2) == 0 ? "one" : "other");
            await Task.Delay(random.Next(20));
        }

        await log.UntilCaughtUpAsync();
        await ShouldCountAsync(log, 40 * 25);
    }

    [Fact]
    public async Task Appends_are_counted_whatever_their_writers_hold_open_or_roll_back()
    {
        await using var log = await SpecLog.OpenAsync();
        await using var running = RunningProjections.Start(log);
        var appenders = new[] { log.Appender("one"), log.Appender("other") };

        var appending = Task.WhenAll(appenders.Select((appender, process) => Task.Run(async () =>
        {
            for (var i = 0; i < 40; i++)
                await AppendUntilTakenAsync(appender, Request($"{process}/{i}/", 1 + i % 9));
        })));
        for (var kills = 0; kills < 15 && !appending.IsCompleted; kills++)
        {
            await using (await HeldHead.TakeAsync(log))
                await log.TerminateAsync("one");
        }

        await appending;
        await log.UntilCaughtUpAsync();
        await ShouldCountAsync(log, await log.HeadAsync());
        (await log.HeadAsync()).ShouldBe(2 * Enumerable.Range(0, 40).Sum(i => 1 + i % 9));
    }

    private static async Task AppendUntilTakenAsync(LogAppender appender, AppendRequest request)
    {
        for (var tries = 0; tries < 200; tries++)
        {
            try
            {
                await appender.AppendAsync(request, default);
                return;
            }
            catch (NpgsqlException)
            {
                continue;
            }
        }
    }

    private static async Task ShouldCountAsync(SpecLog log, long events)
    {
        (await log.RowsAsync(Bucketed)).ShouldBe([FormattableString.Invariant($"{events} {events}")]);
        (await log.RowsAsync(Booked)).ShouldBe([FormattableString.Invariant($"{events} {events}")]);
    }

    private static AppendRequest Request(string prefix, int count) => SpecUsage.Request(Enumerable.Range(0, count).Select(i =>
        new SpecUsage(FormattableString.Invariant($"{prefix}{i}"), Start + Duration.FromMinutes(i * 7)) { Client = i % 5 == 4 ? "fabrikam" : "contoso", Agent = i % 3 == 0 ? null : "a" + i % 3 }.Recorded()));
}
