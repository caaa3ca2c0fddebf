using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Inbox;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Asking for the totals of many days loses nothing that a day has brought.</summary>
public sealed class TotalsTurnSpecs
{
    private const string Told = "select data ->> 'day' from ledger.mt_events where type = 'vendor_totals_reported' order by seq_id";

    private static readonly InboxLane Fetches = SpecInbox.Lane with { Fetches = true };
    private static readonly LocalDate First = new(2026, 10, 1);
    private static readonly LocalDate Last = new(2026, 10, 3);

    [Fact]
    public async Task What_takes_long_goes_on_in_turns_each_behind_the_one_before()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        ledger.Build(options: new InboxOptions { WorkMax = TimeSpan.Zero });

        var turns = await TurnsAsync(ledger, host: 1);

        turns.ShouldBe(["queued 0", "queued 0", "done 1"]);
        ledger.Bureau.Asked.ShouldBe(["totals 2026-10-01", "totals 2026-10-02", "totals 2026-10-03"]);
        (await ledger.RowsAsync(Told)).ShouldBe(["2026-10-01", "2026-10-02", "2026-10-03"]);
    }

    [Fact]
    public async Task What_fails_goes_on_with_the_day_that_failed_and_that_is_its_first_failure()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var times = 0;
        ledger.Bureau.BeforeTotals = () => ++times % 2 == 0 ? throw new VendorException(VendorException.Limited, "It answered 429.") : Task.CompletedTask;

        var turns = await TurnsAsync(ledger, host: 0);

        turns.ShouldBe(["failed 1", "failed 1", "done 2"]);
        ledger.Bureau.Asked.ShouldBe(["totals 2026-10-01", "totals 2026-10-02", "totals 2026-10-02", "totals 2026-10-03", "totals 2026-10-03"]);
        (await ledger.RowsAsync(Told)).ShouldBe(["2026-10-01", "2026-10-02", "2026-10-03"]);
    }

    [Fact]
    public async Task What_another_worker_has_taken_over_stops()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var item = await TakeAsync(ledger, host: 0, isNew: true);
        ledger.Bureau.BeforeTotals = () => ledger.RowsAsync("update ledger.inbox_items set hold = hold + 1");

        await Should.ThrowAsync<HoldLostException>(() => Work(ledger, host: 0).DoAsync(item, default));

        ledger.Bureau.Asked.ShouldBe(["totals 2026-10-01"]);
    }

    /// <summary>Where the item stands after each of three turns.</summary>
    private static async Task<List<string>> TurnsAsync(CollectingLedger ledger, int host)
    {
        var workers = new InboxWorkers(
            Fetches, ledger.Get<InboxClaims>(host), ledger.Get<InboxHolds>(host), [Work(ledger, host)], new InboxSignal(), ledger.Get<InboxOptions>(host), new ToldLog<InboxWorkers>());
        var turns = new List<string>();
        for (var turn = 0; turn < 3; turn++)
        {
            await workers.WorkAsync(await TakeAsync(ledger, host, isNew: turn == 0), default);
            turns.AddRange(await ledger.RowsAsync("select status || ' ' || attempts from ledger.inbox_items"));
            ledger.Clock.Now += Duration.FromMinutes(2);
        }

        return turns;
    }

    private static IInboxWork Work(CollectingLedger ledger, int host) =>
        ledger.Get<IEnumerable<IInboxWork>>(host).Single(work => work.Kind == InboxKinds.Totals);

    private static async Task<InboxItem> TakeAsync(CollectingLedger ledger, int host, bool isNew)
    {
        if (isNew)
        {
            await ledger.Get<InboxStore>(host).AddAsync(
                TotalsWork.For(CollectingLedger.Tenant, CollectingLedger.SourceId, First, Last, "asked:spec", "spec"), default);
        }

        return (await ledger.Get<InboxClaims>(host).TakeAsync(Fetches, Guid.NewGuid(), 1, default)).ShouldHaveSingleItem();
    }
}
