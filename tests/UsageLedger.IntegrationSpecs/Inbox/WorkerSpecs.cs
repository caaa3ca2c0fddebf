using System.Collections.Concurrent;
using Microsoft.Extensions.Logging.Abstractions;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.EventLog.Appending;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Inbox;

public sealed class WorkerSpecs
{
    [Fact]
    public async Task Three_hosts_do_each_item_once_and_stop_when_told()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        for (var i = 0; i < 60; i++)
            await inbox.AddAsync($"tenant-{i % 3}", $"{i}");
        var done = new ConcurrentBag<string>();
        var work = new SpecWork((item, _) =>
        {
            done.Add(item.Key);
            return Task.FromResult(InboxOutcome.Done());
        });
        using var stop = new CancellationTokenSource();
        var hosts = Enumerable.Range(0, 3).Select(_ => inbox.Workers(work).RunAsync(stop.Token)).ToList();

        await SpecLog.UntilAsync(async () => await inbox.Log.AskAsync<long>("select count(*) from ledger.inbox_items where status = 'done'") == 60, "all are done");
        await stop.CancelAsync();
        await Task.WhenAll(hosts).WaitAsync(TimeSpan.FromSeconds(30));

        done.Select(int.Parse).Order().ShouldBe(Enumerable.Range(0, 60));
    }

    [Fact]
    public async Task Failed_work_waits_longer_each_time_and_is_a_dead_letter_in_the_end()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 3 });
        var id = await inbox.AddAsync("acme", "a");
        var workers = inbox.Workers(new SpecWork((_, _) => throw new VendorException("vendor_failed", "It answered 500.")));
        foreach (var minutes in (int[])[1, 2])
        {
            await workers.WorkAsync(await inbox.TakeOneAsync(), default);
            var failed = await inbox.ViewAsync("acme", id);
            failed.Status.ShouldBe(InboxStatuses.Failed);
            failed.Reason.ShouldBe("vendor_failed: It answered 500.");
            inbox.Log.Clock.Now += Duration.FromMinutes(minutes) - Duration.FromSeconds(1);
            (await inbox.TakeAsync(Guid.NewGuid())).ShouldBeEmpty();
            inbox.Log.Clock.Now += Duration.FromMinutes(minutes) / 4 + Duration.FromSeconds(1);
        }

        await workers.WorkAsync(await inbox.TakeOneAsync(), default);

        (await inbox.ViewAsync("acme", id)).Status.ShouldBe(InboxStatuses.Dead);
        inbox.Log.Clock.Now += Duration.FromDays(10);
        (await inbox.TakeAsync(Guid.NewGuid())).ShouldBeEmpty();
    }

    public static TheoryData<Exception> Outages { get; } =
        new(new ForeignAppendException("A row is in the way."), new TornTreeException("The tiles do not fit.", new ArgumentException("spec")));

    [Theory]
    [MemberData(nameof(Outages))]
    public async Task An_outage_of_the_ledger_itself_makes_work_wait_and_costs_no_try(Exception outage)
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 2 });
        var id = await inbox.AddAsync("acme", "a");
        var workers = inbox.Workers(new SpecWork((_, _) => throw outage));
        for (var round = 0; round < 5; round++)
        {
            await workers.WorkAsync(await inbox.TakeOneAsync(), default);
            var waiting = await inbox.ViewAsync("acme", id);
            (waiting.Status, waiting.Attempts).ShouldBe((InboxStatuses.Failed, 0));
            waiting.Reason.ShouldStartWith("log_blocked");
            inbox.Log.Clock.Now += Duration.FromMinutes(2);
        }

        await inbox.Workers(new SpecWork((_, _) => Task.FromResult(InboxOutcome.Done()))).WorkAsync(await inbox.TakeOneAsync(), default);
        (await inbox.ViewAsync("acme", id)).Status.ShouldBe(InboxStatuses.Done);
    }

    [Fact]
    public async Task A_vendor_that_asks_to_be_left_alone_is()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        var id = await inbox.AddAsync("acme", "a");
        var limited = new VendorException(VendorException.Limited, "It answered 429.") { RetryAfter = Duration.FromMinutes(20) };

        await inbox.Workers(new SpecWork((_, _) => throw limited)).WorkAsync(await inbox.TakeOneAsync(), default);

        (await inbox.ViewAsync("acme", id)).NextAttemptAt.ShouldBe(inbox.Log.Clock.Now + Duration.FromMinutes(20));
    }

    [Fact]
    public async Task An_operator_has_dead_and_quarantined_items_tried_again_or_drops_them()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 1 });
        var dead = await inbox.AddAsync("acme", "dead");
        await inbox.Workers(new SpecWork((_, _) => throw new InvalidOperationException("secret"))).WorkAsync(await inbox.TakeOneAsync(), default);
        var odd = await inbox.AddAsync("acme", "odd");
        await inbox.Workers(new SpecWork((_, _) => Task.FromResult(InboxOutcome.Quarantined("Of no known kind.")))).WorkAsync(await inbox.TakeOneAsync(), default);
        (await inbox.ItemsAsync()).ShouldBe(["acme dead dead 1", "acme odd quarantined 1"]);
        (await inbox.ViewAsync("acme", dead)).Reason!.ShouldNotContain("secret");

        foreach (var id in (Guid[])[dead, odd])
        {
            (await RetryAsync(inbox, "other", id)).ShouldBe(Settled.Unknown);
            (await RetryAsync(inbox, "acme", id)).ShouldBe(Settled.Done);
        }

        var taken = await inbox.TakeAsync(Guid.NewGuid());
        taken.Count.ShouldBe(2);
        taken.ShouldAllBe(item => item.Body.Length > 0);
        (await RetryAsync(inbox, "acme", dead)).ShouldBe(Settled.NotNow);
        (await DropAsync(inbox, dead)).ShouldBe(Settled.NotNow);
        await inbox.Holds.GiveBackAsync(taken[0], default);
        (await DropAsync(inbox, taken[0].Id)).ShouldBe(Settled.Done);
        (await inbox.ItemsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_unfinished_when_the_host_stops_is_given_back_at_once_and_costs_no_try()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.AddAsync("acme", "a");
        var begun = new TaskCompletionSource();
        using var stop = new CancellationTokenSource();
        var running = inbox.Workers(new SpecWork(async (_, ct) =>
        {
            begun.TrySetResult();
            await Task.Delay(Timeout.Infinite, ct);
            return InboxOutcome.Done();
        })).RunAsync(stop.Token);
        await begun.Task;

        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromSeconds(30));

        (await inbox.ItemsAsync()).ShouldBe(["acme a queued 0"]);
    }

    [Fact]
    public async Task What_kills_its_worker_each_time_is_a_dead_letter_too()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 2, Lease = TimeSpan.FromMilliseconds(1) });
        await inbox.AddAsync("acme", "a");
        for (var i = 0; i < 2; i++)
        {
            await inbox.TakeOneAsync();
            await SpecLog.UntilAsync(async () => await inbox.Claims.TakeBackAsync(default) == 1, "the lease has run out");
        }

        (await inbox.ItemsAsync()).ShouldBe(["acme a dead 2"]);
    }

    [Fact]
    public async Task What_was_done_is_known_for_a_week_and_then_forgotten()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        var id = await inbox.AddAsync("acme", "a");
        await inbox.Holds.EndAsync(await inbox.TakeOneAsync(), InboxOutcome.Done(), default);
        var upkeep = new InboxUpkeep(inbox.Log.Database, inbox.Log.Clock, inbox.Claims, inbox.Signal, inbox.Options, NullLogger<InboxUpkeep>.Instance);

        inbox.Log.Clock.Now += Duration.FromDays(7);
        (await upkeep.PurgeAsync(default)).ShouldBe(0);
        (await inbox.AddAsync("acme", "a")).ShouldBe(id);
        inbox.Log.Clock.Now += Duration.FromSeconds(1);
        (await upkeep.PurgeAsync(default)).ShouldBe(1);
    }

    [Fact]
    public async Task What_was_done_is_forgotten_however_much_of_it_there_is()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        await inbox.Log.DoAsync("""
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, received_at, ended_at, correlation_id)
            select gen_random_uuid(), 'acme', 'webhook', 'shop', i::text, 'done', timestamptz '2026-01-01', timestamptz '2026-01-01', timestamptz '2026-01-01', 'spec'
            from generate_series(1, 2500) i
            """);
        var upkeep = new InboxUpkeep(inbox.Log.Database, inbox.Log.Clock, inbox.Claims, inbox.Signal, inbox.Options, NullLogger<InboxUpkeep>.Instance);

        await upkeep.PurgeAllAsync(default);

        (await inbox.ItemsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Webhooks_do_not_wait_for_workers_that_ask_vendors()
    {
        await using var inbox = await SpecInbox.OpenAsync();
        for (var i = 0; i < 8; i++)
            await inbox.AddAsync("acme", $"{i}", InboxKinds.Fetch);
        await inbox.AddAsync("acme", "delivery");

        (await inbox.TakeAsync(Guid.NewGuid())).Select(item => item.Key).ShouldBe(["delivery"]);
        (await inbox.TakeAsync(Guid.NewGuid(), lane: SpecInbox.Lane with { Fetches = true })).ShouldAllBe(item => item.Kind == InboxKinds.Fetch);
    }

    private static Task<Settled> DropAsync(SpecInbox inbox, Guid id) =>
        DropItemHandler.Handle(new DropItem("acme", id, DropItem.CommandLine, "spec"), inbox.Log.Database, inbox.Log.Appender(), default);

    private static Task<Settled> RetryAsync(SpecInbox inbox, string tenant, Guid id) =>
        RetryItemHandler.Handle(new SettleItem(tenant, id), inbox.Log.Database, inbox.Log.Clock, inbox.Signal, default);
}
