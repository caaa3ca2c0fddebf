using NodaTime;
using Quartz;
using UsageLedger.Collecting.Scheduling;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Collecting;

public sealed class ScheduleSpecs
{
    private const string Keys = "select key from ledger.inbox_items order by key";

    /// <summary>Triggers fire by the machine's clock, which no spec moves: this one does not fire while a spec runs.</summary>
    private const string LeapDays = "0 0 29 2 *";

    private const string StartsOfEachDueTime = """
        select count(e.id) from ledger.inbox_items i
        left join ledger.mt_events e on e.type = 'collection_started' and e.data ->> 'runId' = i.id::text
        where i.key like 'due:%' group by i.tenant, i.source, i.key
        """;

    /// <summary>The hosts that follow changes soon; the first was made before they were told to.</summary>
    private static readonly int[] Paced = [1, 2, 3];

    [Fact]
    public async Task Three_hosts_that_fire_make_one_run_of_a_due_time()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Build();
        ledger.Build();
        var due = Instant.FromUtc(2026, 10, 5, 12, 0);

        var added = await Task.WhenAll(Enumerable.Range(0, 9).Select(i => ledger.Get<ScheduledRuns>(i % 3).AddAsync("acme", "fax-main", due, default)));

        added.Count(isNew => isNew).ShouldBe(1);
        (await ledger.RowsAsync(Keys)).ShouldBe(["due:2026-10-05T12:00:00Z"]);
    }

    [Fact]
    public async Task While_a_run_waits_no_other_is_put_in()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var runs = ledger.Get<ScheduledRuns>();

        (await runs.AddAsync("acme", "fax-main", Instant.FromUtc(2026, 10, 5, 12, 0), default)).ShouldBeTrue();
        (await runs.AddAsync("acme", "fax-main", Instant.FromUtc(2026, 10, 5, 12, 5), default)).ShouldBeFalse();
        (await runs.AddAsync("acme", "another", Instant.FromUtc(2026, 10, 5, 12, 5), default)).ShouldBeTrue();
    }

    [Fact]
    public async Task Sources_are_collected_by_their_schedule_on_three_hosts_and_changes_are_followed()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: "* * * * * *");
        ledger.Pace = SchedulePace.Default with { FollowEvery = TimeSpan.FromMilliseconds(100) };
        ledger.Build();
        ledger.Build();
        ledger.Build();
        await Task.WhenAll(Paced.Select(ledger.StartAsync));

        await ledger.UntilAsync("select (count(*) >= 2)::text from read.collections where status = 'completed'", "true", "two runs have been made");
        await ledger.ConfigureAsync(CollectingLedger.Tenant, CollectingLedger.SourceId, schedule: null);
        foreach (var host in Paced)
            await SpecLog.UntilAsync(() => IsFollowedAsync(ledger, host), "the host has no trigger any more");
        var followed = (await ledger.RowsAsync("select clock_timestamp()::text")).Single();
        await ledger.UntilAsync($"select (clock_timestamp() > timestamptz '{followed}' + interval '2.5 seconds')::text", "true", "two more due times have passed");
        await ledger.UntilAsync("select count(*) from ledger.inbox_items where status in ('queued', 'running', 'failed')", "0", "what was put in is done");

        (await ledger.RowsAsync($"select key from ledger.inbox_items where substr(key, 5)::timestamptz > timestamptz '{followed}'")).ShouldBeEmpty("nothing is due any more");
        (await ledger.RowsAsync(StartsOfEachDueTime)).Distinct().ShouldBe(["1"], "a due time has one run");
        (await ledger.RowsAsync("select (max(received_at) < timestamptz '2026-10-06')::text from ledger.inbox_items")).ShouldBe(["true"], "runs carry the ledger's time");
        (await ledger.RowsAsync("select count(*) from ledger.mt_events where type = 'collection_failed'")).ShouldBe(["0"]);
    }

    private static async Task<bool> IsFollowedAsync(CollectingLedger ledger, int host)
    {
        var scheduler = await ledger.Get<ISchedulerFactory>(host).GetScheduler();
        return !await scheduler.Exists(new TriggerKey(CollectingLedger.SourceId, CollectingLedger.Tenant));
    }

    [Fact]
    public async Task A_due_time_that_a_running_host_missed_is_made_up_for()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: LeapDays);
        ledger.Pace = new SchedulePace(TimeSpan.FromMilliseconds(50), CatchUpRounds: 4);
        ledger.Build();
        await ledger.StartAsync(1);
        await ledger.UntilAsync("select (count(*) > 0)::text from ledger.projections where name = 'collections' and position > 0", "true", "the host follows the log");
        (await ledger.RowsAsync(Keys)).ShouldBeEmpty();

        await ledger.CompletedAsync(Instant.FromUtc(2023, 10, 4, 0, 0));

        await ledger.UntilAsync(Keys, "due:2024-02-29T00:00:00Z", "the host has looked for it");
    }

    [Fact]
    public async Task Runs_that_were_due_while_no_host_ran_are_made_up_for_by_one()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: LeapDays);
        await ledger.CompletedAsync(Instant.FromUtc(2015, 9, 30, 0, 0));
        await ledger.StartAsync();
        await ledger.UntilAsync("select count(*) from read.collection_cursors", "1", "the cursor is known");
        await ledger.StopAsync();

        ledger.Build();
        await ledger.StartAsync(1);

        await ledger.UntilAsync(Keys, "due:2024-02-29T00:00:00Z", "the last of three is put in");
    }

    [Fact]
    public async Task A_first_run_that_was_due_while_no_host_ran_is_made_up_for_and_none_from_before_the_source_was_configured()
    {
        await using var ledger = await CollectingLedger.OpenAsync(schedule: LeapDays);
        await ledger.StartAsync();
        await ledger.UntilAsync("select (count(*) > 0)::text from ledger.projections where name = 'collections' and position > 0", "true", "the host follows the log");
        await ledger.StopAsync();
        (await ledger.RowsAsync(Keys)).ShouldBeEmpty("the last leap day was before the source");

        ledger.Clock.Now = Instant.FromUtc(2028, 3, 1, 0, 0);
        ledger.Build();
        await ledger.StartAsync(1);

        await ledger.UntilAsync(Keys, "due:2028-02-29T00:00:00Z", "the first is put in");
    }
}
