using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Inbox;

/// <summary>Whose an item is, and what becomes of its tries when it came further or was lost.</summary>
public sealed class HoldSpecs
{
    [Fact]
    public async Task A_failure_after_the_work_came_further_counts_as_the_first()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 2 });
        var id = await inbox.AddAsync("acme", "a");
        var comesFurther = inbox.Workers(FailingAfterSaving(inbox, further: true));
        for (var round = 0; round < 5; round++)
        {
            await comesFurther.WorkAsync(await inbox.TakeOneAsync(), default);
            var failed = await inbox.ViewAsync("acme", id);
            (failed.Status, failed.Attempts).ShouldBe((InboxStatuses.Failed, 1));
            (failed.NextAttemptAt!.Value - inbox.Log.Clock.Now).ShouldBeInRange(Duration.FromMinutes(1), Duration.FromSeconds(75));
            inbox.Log.Clock.Now += Duration.FromMinutes(2);
        }

        await inbox.Workers(FailingAfterSaving(inbox, further: true, VendorException.Unreadable)).WorkAsync(await inbox.TakeOneAsync(), default);
        (await inbox.ViewAsync("acme", id)).Status.ShouldBe(InboxStatuses.Dead, "what cannot be read may lead in a circle");
    }

    [Fact]
    public async Task A_failure_after_the_work_kept_what_it_had_counts_as_any_other()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 1 });
        var id = await inbox.AddAsync("acme", "a");

        await inbox.Workers(FailingAfterSaving(inbox, further: false)).WorkAsync(await inbox.TakeOneAsync(), default);
        (await inbox.ViewAsync("acme", id)).Status.ShouldBe(InboxStatuses.Dead);
    }

    [Fact]
    public async Task Who_dies_after_the_work_came_further_leaves_it_with_one_try()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { AttemptsMax = 2, Lease = TimeSpan.FromMilliseconds(1) });
        await inbox.AddAsync("acme", "a");
        for (var round = 0; round < 3; round++)
        {
            await inbox.Holds.SaveAsync(await inbox.TakeOneAsync(), default, further: true, default);
            await SpecLog.UntilAsync(async () => await inbox.Claims.TakeBackAsync(default) == 1, "the lease has run out");
            (await inbox.ItemsAsync()).ShouldBe(["acme a queued 1"]);
        }
    }

    [Fact]
    public async Task Who_was_thought_dead_does_not_get_the_work_back_that_was_taken_anew_by_the_same_worker()
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { Lease = TimeSpan.FromMilliseconds(1) });
        await inbox.AddAsync("acme", "a");
        var owner = Guid.NewGuid();
        var stale = new List<InboxItem>();
        for (var round = 0; round < 3; round++)
        {
            stale.Add((await inbox.TakeAsync(owner)).ShouldHaveSingleItem());
            (await inbox.Holds.SaveAsync(stale[^1], default, further: true, default)).ShouldBeTrue();
            await SpecLog.UntilAsync(async () => await inbox.Claims.TakeBackAsync(default) == 1, "the lease has run out");
        }

        var held = (await inbox.TakeAsync(owner)).ShouldHaveSingleItem();
        foreach (var before in stale)
        {
            (await inbox.Claims.RenewAsync(before, default)).ShouldBeFalse();
            (await inbox.Holds.SaveAsync(before, default, further: true, default)).ShouldBeFalse();
        }

        (await inbox.Claims.RenewAsync(held, default)).ShouldBeTrue();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Work_that_is_lost_is_told_as_lost_and_not_as_slow(bool whenSaving)
    {
        await using var inbox = await SpecInbox.OpenAsync(new InboxOptions { Lease = TimeSpan.FromMilliseconds(150) });
        await inbox.AddAsync("acme", "a");
        var log = new ToldLog<InboxWorkers>();
        var workers = inbox.Workers(new SpecWork(async (item, ct) =>
        {
            await inbox.Log.DoAsync("update ledger.inbox_items set hold = hold + 1");
            if (whenSaving && !await inbox.Holds.SaveAsync(item, default, further: true, default))
                throw new HoldLostException();
            await Task.Delay(Timeout.Infinite, ct);
            return InboxOutcome.Done();
        }), log: log);
        var item = await inbox.TakeOneAsync();

        await workers.WorkAsync(item, default).WaitAsync(TimeSpan.FromSeconds(30));

        log.Lines.ShouldBe([$"The webhook {item.Id} is no longer held here; whoever takes it next goes on"]);
        (await inbox.ItemsAsync()).ShouldBe(["acme a running 1"]);
    }

    private static SpecWork FailingAfterSaving(SpecInbox inbox, bool further, string code = VendorException.Limited) => new(async (item, ct) =>
    {
        (await inbox.Holds.SaveAsync(item, item.Body, further, ct)).ShouldBeTrue();
        throw new VendorException(code, "It failed.");
    });
}
