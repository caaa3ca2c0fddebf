using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Inbox;

/// <summary>A bounded number of workers of one lane. When they stop, what is unfinished is given back at once.</summary>
public sealed partial class InboxWorkers(
    InboxLane lane, InboxClaims claims, InboxHolds holds, IEnumerable<IInboxWork> works, InboxSignal signal, InboxOptions options, ILogger<InboxWorkers> log)
{
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan SealedWait = TimeSpan.FromSeconds(30);
    private static readonly Duration PostponedFor = Duration.FromMinutes(1);

    private readonly Guid owner = Guid.NewGuid();
    private readonly Dictionary<string, IInboxWork> works = works.ToDictionary(work => work.Kind);

    /// <summary>Runs until cancelled, and returns when every item is done or given back.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var busy = new List<Task>();
        while (!ct.IsCancellationRequested)
        {
            var raised = signal.Raised;
            busy.RemoveAll(task => task.IsCompleted);
            var taken = await TakeAsync(lane.WorkersMax - busy.Count, ct);
            busy.AddRange(taken.Select(item => WorkAsync(item, ct)));
            if (taken.Count == 0 || busy.Count >= lane.WorkersMax)
            {
                await Task.WhenAny([Task.Delay(options.PollEvery, ct), .. busy.Count < lane.WorkersMax ? [raised] : busy]);
            }
        }

        await Task.WhenAll(busy);
    }

    /// <summary>Does an item that is held, to its end.</summary>
    public async Task WorkAsync(InboxItem item, CancellationToken ct)
    {
        using var lost = new CancellationTokenSource();
        using var held = CancellationTokenSource.CreateLinkedTokenSource(ct, lost.Token);
        held.CancelAfter(lane.WorkMax);
        var keeping = KeepAsync(item, lost, held.Token);
        using var measured = MeasuredWork.Begin(item);
        try
        {
            await Task.Yield();
            await InboxPoints.Claimed.ReachAsync();
            var outcome = await works[item.Kind].DoAsync(item, held.Token);
            await InboxPoints.Worked.ReachAsync();
            await holds.EndAsync(item, outcome, held.Token);
            await InboxPoints.Ended.ReachAsync();
            measured.Outcome = outcome.Status;
            signal.Raise();
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            measured.Outcome = InboxStatuses.Queued;
            await AfterAsync(item, stop => holds.GiveBackAsync(item, stop));
        }
        catch (Exception failure) when (failure is HoldLostException || (failure is OperationCanceledException && lost.IsCancellationRequested))
        {
            measured.Outcome = InboxStatuses.Queued;
            Lost(log, item.Kind, item.Id);
        }
#pragma warning disable CA1031 // Whatever went wrong is this item's; it is noted there, and tried again.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            Failed(log, failure is VendorException ? null : failure, item.Kind, item.Id, item.Attempts, Reason(failure));
            if (IsOurs(failure))
            {
                await AfterAsync(item, stop => holds.PostponeAsync(item, Reason(failure), PostponedFor, stop));
                return;
            }

            var asked = (failure as VendorException)?.RetryAfter ?? Duration.Zero;
            // A list that leads in a circle comes further at each try, and never to its end.
            var anew = failure is not VendorException { Code: VendorException.Unreadable };
            await AfterAsync(item, stop => holds.FailAsync(item, Reason(failure), asked, RandomNumberGenerator.GetInt32(RetryPlan.ChanceMax), anew, stop));
        }
        finally
        {
            await held.CancelAsync();
            await keeping;
        }
    }

    /// <summary>Whether the ledger could not work, whatever the item: an outage must not make dead letters.</summary>
    private static bool IsOurs(Exception failure) => failure
        is LogBusyException or ForeignAppendException or TornTreeException or ClockAheadException or TimeoutException
        or PostgresException { SqlState: ['0' or '4', ..] } // Tables, rights or plans that are not what this program needs: the upgrade's fault, no item's.
        || DatabaseFailure.IsAway(failure);

    /// <summary>In words that hold nothing of the item's content, which an exception's own message might.</summary>
    private static string Reason(Exception failure) => failure switch
    {
        VendorException vendor => $"{vendor.Code}: {vendor.Message}",
        OperationCanceledException => "took_too_long: The work took longer than it may.",
        ForeignAppendException => "log_blocked: The log takes nothing until its operator has dealt with a foreign row.",
        TornTreeException => "log_blocked: The log takes nothing until the tiles of its tree fit its head.",
        ClockAheadException => "clock_ahead: This host's clock is ahead of the database's.",
        NpgsqlException or LogBusyException or TimeoutException => "database_unavailable: The database did not answer, or was too busy.",
        _ => $"internal_error: The ledger failed with a {failure.GetType().Name}; its log tells more.",
    };

    private async Task<IReadOnlyList<InboxItem>> TakeAsync(int free, CancellationToken ct)
    {
        try
        {
            return free > 0 ? await claims.TakeAsync(lane, owner, free, ct) : [];
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            return [];
        }
        catch (KeyFileException failure)
        {
            // Another host of this database has the master key and does the work; this one records, reads and waits for the key.
            Sealed(log, failure);
            await Task.Delay(SealedWait, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return [];
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            Unreachable(log, failure);
            return [];
        }
    }

    /// <summary>Renews the lease for as long as the work goes on; when it is lost the work stops.</summary>
    private async Task KeepAsync(InboxItem item, CancellationTokenSource lost, CancellationToken held)
    {
        while (!held.IsCancellationRequested)
        {
            await Task.Delay(options.Lease / 3, held).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!held.IsCancellationRequested && !await claims.RenewAsync(item, held))
                {
                    await lost.CancelAsync();
                }
            }
            catch (Exception failure) when (failure is OperationCanceledException || DatabaseFailure.Is(failure))
            {
                // The next third may reach the database again; if not, the lease runs out and another worker begins.
                continue;
            }
        }
    }

    private async Task AfterAsync(InboxItem item, Func<CancellationToken, Task<bool>> note)
    {
        using var stop = new CancellationTokenSource(StopMax);
        try
        {
            await note(stop.Token);
            signal.Raise();
        }
        catch (Exception failure) when (failure is OperationCanceledException || DatabaseFailure.Is(failure))
        {
            Lost(log, item.Kind, item.Id);
        }
    }

    [LoggerMessage(6001, LogLevel.Warning, "Work on the {Kind} {Item} failed at try {Attempts}; {Reason}")]
    private static partial void Failed(ILogger logger, Exception? failure, string kind, Guid item, int attempts, string reason);

    [LoggerMessage(6002, LogLevel.Warning, "The {Kind} {Item} is no longer held here; whoever takes it next goes on")]
    private static partial void Lost(ILogger logger, string kind, Guid item);

    [LoggerMessage(6003, LogLevel.Warning, "The inbox cannot be reached; the next try follows")]
    private static partial void Unreachable(ILogger logger, Exception failure);

    [LoggerMessage(6004, LogLevel.Error, "The inbox cannot be worked on here: its items are sealed under a master key that this host does not have")]
    private static partial void Sealed(ILogger logger, Exception failure);
}
