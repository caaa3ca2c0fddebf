using System.Diagnostics;
using NodaTime;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting.Runs;

/// <summary>
/// A run: page by page the usage of a window is attributed, recorded, and only then is the page's place kept. Cut off anywhere it goes
/// on behind the last page kept; what it records twice is known by its keys. The source's cursor follows from its last event.
/// </summary>
public sealed class CollectWork(
    VendorAccounts accounts, CollectedRecords records, RunReads reads, LogReader events, LogAppender log, InboxHolds holds, InboxStore inbox, IClock clock) : IInboxWork
{
    /// <summary>A run that takes longer lets others have a turn.</summary>
    private static readonly TimeSpan TurnMax = TimeSpan.FromMinutes(10);

    /// <summary>Turns in which a page may be asked for again; then it is the next run that brings what was overtaken.</summary>
    private const int AskedAgainMax = 20;

    /// <summary>Of one run, over all its turns: a vendor's list that goes on behind so many has no end.</summary>
    internal const long PagesMax = 500_000;

    /// <summary>Records of one run that could not be used and are asked for again by name; the others are only counted.</summary>
    private const int RejectedMax = 100;

    public string Kind => InboxKinds.Collect;

    public async Task<InboxOutcome> DoAsync(InboxItem item, CancellationToken ct)
    {
        if (RunState.Read(item.Body) is not { } state)
        {
            return InboxOutcome.Quarantined("unreadable: What was kept of the run does not open.");
        }

        if (await accounts.FindAsync(item.Tenant, item.Source, ct) is not { } source)
        {
            return InboxOutcome.Quarantined("unknown_source: There is no such source.");
        }

        var run = new RunPlace(item.Tenant, item.Source, item.Id, item.ReceivedAt);
        state = await StartAsync(item, run, source, state, ct);
        var turn = new RunTurn(item, run, source, state, Stopwatch.GetTimestamp());
        using var span = RunTelemetry.Begin(item, source);
        try
        {
            var outcome = await CollectAsync(turn, ct);
            RunTelemetry.Ended(span, source, outcome == InboxOutcome.GoesOn ? "goes_on" : "completed");
            return outcome;
        }
        catch (VendorException failure)
        {
            RunTelemetry.Ended(span, source, failure.Code);
            await AppendAsync(turn, RunEvents.Failed(run, turn.State, item.Attempts, failure), ct);
            throw;
        }
    }

    private async Task<RunState> StartAsync(InboxItem item, RunPlace run, Source source, RunState state, CancellationToken ct)
    {
        if (state.From is null)
        {
            state = state.Started(await reads.CursorAsync(item.Tenant, item.Source, ct), source.LookBack, clock.GetCurrentInstant());
        }

        state = state with { Tries = state.Tries + 1 };
        await KeepAsync(item, state, further: false, ct);
        await CollectionPoints.WindowKept.ReachAsync();
        await log.AppendAsync(Request(item, RunEvents.Started(run, state)), ct);
        await CollectionPoints.Started.ReachAsync();
        return state;
    }

    private async Task<InboxOutcome> CollectAsync(RunTurn turn, CancellationToken ct)
    {
        var opened = await accounts.OpenAsync(turn.Source, "collect", turn.Item.CorrelationId, ct);
        await CollectionPoints.Opened.ReachAsync();
        if (!turn.State.WindowDone)
        {
            await WindowAsync(turn, opened, ct);
            if (!turn.State.WindowDone)
            {
                return InboxOutcome.GoesOn;
            }
        }

        await PendingAsync(turn, opened, ct);
        turn.State = turn.Timed() with { EndedAt = clock.GetCurrentInstant() };
        await AppendAsync(turn, RunEvents.Completed(turn.Run, turn.State), ct);
        await CollectionPoints.Completed.ReachAsync();
        return InboxOutcome.DoneKeeping(turn.State.ToBytes());
    }

    private async Task WindowAsync(RunTurn turn, OpenedAccount opened, CancellationToken ct)
    {
        if (turn.State.Counts.Pages >= PagesMax)
        {
            throw new VendorException(
                VendorException.Unreadable, $"The vendor's list goes on behind {PagesMax} pages; drop this run, and collect a shorter time or in larger pages (setting pageSize).");
        }

        var window = new CollectionWindow(turn.State.From!.Value, turn.State.To!.Value, turn.State.Cursor) { AskedAt = clock.GetCurrentInstant() };
        var (pages, cursor, further) = (0, (string?)null, true);
        await foreach (var asked in AskedPage.OfAsync(opened.Collector.CollectAsync(opened.Account, window, ct), events, ct))
        {
            await CollectionPoints.Asked.ReachAsync();
            turn.State = pages == 0 ? turn.State.Answered(opened.Collector.DaysTold, clock.GetCurrentInstant(), asked.Page.ToldSince) : turn.State;
            if (await PageAsync(turn, asked, opened.Collector, ct) && turn.State.Tries <= AskedAgainMax)
            {
                // The place of the page before is the one that is kept: the run goes on by asking for this page again.
                return;
            }

            var tally = asked.Page.Anew ? turn.State.Tally?.ListedAnew() : turn.State.Tally;
            turn.State = turn.State with { Tally = (tally ?? RunTally.None).With(Listed(asked.Page, opened.Collector), []) };
            cursor = asked.Page.Cursor;
            turn.State = turn.Timed() with { Cursor = cursor };

            // A list that begins anew at each try comes to the same places, and never to its end.
            further &= !asked.Page.Anew;
            await KeepAsync(turn.Item, turn.State, further, ct);
            await CollectionPoints.PageKept.ReachAsync();
            if (++pages >= opened.Collector.Limits.PagesMax || turn.Elapsed > TurnMax)
            {
                break;
            }
        }

        if (pages == 0)
        {
            turn.State = turn.State.Answered(opened.Collector.DaysTold, clock.GetCurrentInstant());
        }

        turn.State = turn.State with { WindowDone = cursor is null };
        await KeepAsync(turn.Item, turn.State, further: false, ct);
        await CollectionPoints.WindowDone.ReachAsync();
    }

    /// <summary>
    /// Costs that no window asks for again are asked for by name, some in each run, until they are known. One that cannot be had must not
    /// keep the window from being done: it is told of, and stays pending, which is seen.
    /// </summary>
    private async Task PendingAsync(RunTurn turn, OpenedAccount opened, CancellationToken ct)
    {
        turn.State = turn.State with { PendingFailure = null };
        var keys = await reads.PendingAsync(turn.Run, opened.Collector.ListsRecords ? turn.State.From!.Value : turn.State.To!.Value, ct);
        var ids = keys.Select(opened.Collector.NativeIdOf).OfType<string>().Distinct().ToList();
        if (ids.Count == 0)
        {
            return;
        }

        try
        {
            await foreach (var asked in AskedPage.OfAsync(opened.Collector.FetchAsync(opened.Account, ids, ct), events, ct))
            {
                await CollectionPoints.PendingAsked.ReachAsync();
                await PageAsync(turn, asked, opened.Collector, ct);
            }
        }
        catch (VendorException failure)
        {
            turn.State = turn.State with { PendingFailure = $"{failure.Code}: {failure.Message}" };
        }
    }

    /// <returns>Whether something else was recorded meanwhile of what has no name to be asked for again by, such as a day's remainder.</returns>
    private async Task<bool> PageAsync(RunTurn turn, AskedPage asked, IUsageCollector collector, CancellationToken ct)
    {
        var (page, recorded) = (asked.Page, await records.RecordPolledAsync(turn.Source, asked, turn.Item.CorrelationId, ct));
        await CollectionPoints.PageRecorded.ReachAsync();
        var ahead = recorded.Rejected.Select(rejected => rejected with { NativeId = collector.NativeIdOf(rejected.NativeId) ?? Normalised.Unnamed });
        var rejected = page.Rejected.Concat(ahead).DistinctBy(record => record.NativeId == Normalised.Unnamed ? (record.NativeId, record.Reason) : (record.NativeId, ""))
            .ToLookup(record => record.NativeId != Normalised.Unnamed && collector.CanFetch(record.NativeId));
        foreach (var record in rejected[true].Take((int)Math.Max(0, RejectedMax - turn.State.Counts.Rejected)))
        {
            await inbox.AddAsync(FetchWork.For(turn.Item, record), ct);
        }

        foreach (var again in FetchWork.For(turn.Item, recorded.Overtaken, collector))
        {
            await inbox.AddAsync(again, ct);
        }

        await CollectionPoints.PageFollowed.ReachAsync();
        turn.State = turn.State.Noted([.. page.Notes, .. rejected[false].Select(record => new RecordNote(record.NativeId, record.Reason))]) with
        {
            Counts = turn.State.Counts + RunCounts.OfPage(page) + recorded.Counts,
            Tally = (turn.State.Tally ?? RunTally.None).With([], recorded.Repeated),
        };
        return recorded.Overtaken.Any(record => collector.NativeIdOf(record.IdempotencyKey) is null);
    }

    /// <summary>When each of the vendor's own records on a page was.</summary>
    private static IEnumerable<Instant> Listed(CollectedPage page, IUsageCollector collector) => collector.ListsRecords
        ? page.Records.DistinctBy(record => collector.NativeIdOf(record.IdempotencyKey)).Select(record => record.OccurredAt)
        : [];

    private async Task KeepAsync(InboxItem item, RunState state, bool further, CancellationToken ct)
    {
        if (!await holds.SaveAsync(item, state.ToBytes(), further, ct))
        {
            throw new HoldLostException();
        }
    }

    private Task<AppendOutcome> AppendAsync(RunTurn turn, NewEvent told, CancellationToken ct) => log.AppendAsync(Request(turn.Item, told), ct);

    private static AppendRequest Request(InboxItem item, NewEvent told) =>
        new(item.Tenant, item.CorrelationId, [new AppendItem(told.Id, told)]);
}
