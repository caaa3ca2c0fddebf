using System.Diagnostics;
using System.Threading.Channels;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Logging;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Telemetry;

namespace UsageLedger.EventLog.Appending;

/// <summary>
/// The one way into the log. Requests queue up in a bounded channel and are committed together: while one group is
/// written the next one gathers, so throughput comes from the size of the groups, not from concurrency.
/// </summary>
public sealed class LogAppender : IAsyncDisposable
{
    private readonly Channel<PendingAppend> queue;
    private readonly ConcurrencyLimiter budget;
    private readonly GroupCommit commit;
    private readonly AppendOptions options;
    private readonly ILogger log;
    private readonly Task loop;
    private AppendTrouble? trouble;

    public LogAppender(NpgsqlDataSource database, IClock clock, LogSignal head, AppendOptions options, ILogger<LogAppender> log)
    {
        this.options = options;
        this.log = log;
        queue = Channel.CreateBounded<PendingAppend>(new BoundedChannelOptions(options.QueuedEventsMax) { SingleReader = true });
        budget = new ConcurrencyLimiter(new ConcurrencyLimiterOptions
        {
            PermitLimit = options.QueuedEventsMax,
            QueueLimit = options.WaitingEventsMax,
            QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        });
        commit = new GroupCommit(database, clock, head, options);
        loop = Task.Run(RunAsync);
    }

    /// <summary>Why the last group was not appended; null when it was, or when only what one caller asked for could not be.</summary>
    public AppendTrouble? Trouble => Volatile.Read(ref trouble);

    /// <summary>Appends the request's events, all or none, and returns when they are on disk.</summary>
    /// <exception cref="LogBusyException">Too much is waiting already.</exception>
    /// <exception cref="NpgsqlException">The database could not be reached: whether the events were appended is not known; ask again under the same ids.</exception>
    public async Task<AppendOutcome> AppendAsync(AppendRequest request, CancellationToken ct)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Items.Count, options.RequestEventsMax);
        if (request.Items.Count == 0)
        {
            return new AppendOutcome(false, []);
        }

        using var span = AppendTelemetry.Begin(request);
        var started = Stopwatch.GetTimestamp();
        try
        {
            var outcome = await QueueAsync(request, ct);
            AppendTelemetry.Appended(started);
            return outcome;
        }
        catch (Exception failure)
        {
            AppendTelemetry.Failed(span, failure);
            throw;
        }
    }

    /// <summary>Commits what is queued, then takes no more.</summary>
    public async ValueTask DisposeAsync()
    {
        queue.Writer.TryComplete();
        await loop;
        await commit.DisposeAsync();
        budget.Dispose();
    }

    private async Task<AppendOutcome> QueueAsync(AppendRequest request, CancellationToken ct)
    {
        var lease = await budget.AcquireAsync(Math.Min(request.Weight, options.QueuedEventsMax), ct);
        if (!lease.IsAcquired)
        {
            lease.Dispose();
            throw new LogBusyException();
        }

        var pending = new PendingAppend(request, lease);
        if (!queue.Writer.TryWrite(pending))
        {
            pending.Fail(new ObjectDisposedException(nameof(LogAppender)));
        }

        // Once queued, an append is not taken back: its outcome is worth waiting for even when the caller leaves.
        return await pending.Outcome.WaitAsync(ct);
    }

    private async Task RunAsync()
    {
        var group = new List<PendingAppend>();
        await RaiseSequenceAsync();
        while (await queue.Reader.WaitToReadAsync())
        {
            Gather(group);
            await CommitAsync(group);
            if (!queue.Reader.TryPeek(out _))
            {
                await RaiseSequenceAsync();
            }
        }
    }

    private async Task CommitAsync(List<PendingAppend> group)
    {
        try
        {
            await AppendPoints.Queued.ReachAsync();
            using var span = AppendTelemetry.BeginCommit(group);
            var started = Stopwatch.GetTimestamp();
            var outcomes = await commit.RunAsync(group.ConvertAll(pending => pending.Request));
            AppendTelemetry.Committed(span, started, outcomes);
            trouble = null;
            for (var i = 0; i < group.Count; i++)
            {
                group[i].Complete(outcomes[i]);
            }
        }
        catch (Exception failure) when (group.Count > 1 && IsOfOneRequest(failure))
        {
            // Nothing was written. Halve the group until the request that cannot be appended fails alone.
            var half = group.Count / 2;
            await CommitAsync(group.GetRange(0, half));
            await CommitAsync(group.GetRange(half, group.Count - half));
        }
#pragma warning disable CA1031 // Whatever went wrong belongs to the callers of this group; the next group starts afresh.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            trouble = IsOfOneRequest(failure) ? trouble : new AppendTrouble(failure, Stopwatch.GetTimestamp());
            log.LogError(failure, "A group of {RequestCount} appends failed", group.Count);
            group.ForEach(pending => pending.Fail(failure));
        }
    }

    /// <summary>A decision that throws, or values that the tables refuse (SQLSTATE classes 22, 23 and 54), against trouble with the database or the log.</summary>
    private static bool IsOfOneRequest(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState[..2] is "22" or "23" or "54",
        NpgsqlException or IOException or TimeoutException or ForeignAppendException or ClockAheadException or TornTreeException => false,
        _ => true,
    };

    private async Task RaiseSequenceAsync()
    {
        try
        {
            await commit.RaiseSequenceAsync();
        }
#pragma warning disable CA1031 // No caller waits for this, and the loop must go on for those who will.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            log.LogWarning(failure, "Marten's sequence could not follow the log's head; the next append tries again");
        }
    }

    private void Gather(List<PendingAppend> group)
    {
        group.Clear();
        var weight = 0;
        while (queue.Reader.TryPeek(out var next)
            && (group.Count == 0 || weight + next.Request.Weight <= options.GroupEventsMax)
            && queue.Reader.TryRead(out _))
        {
            group.Add(next);
            weight += next.Request.Weight;
        }
    }
}
