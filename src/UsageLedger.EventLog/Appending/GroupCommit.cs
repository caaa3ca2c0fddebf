using NodaTime;
using Npgsql;

namespace UsageLedger.EventLog.Appending;

/// <summary>One transaction for one group: lock the head, decide, copy the events, grow the tree, move the head.</summary>
internal sealed class GroupCommit(NpgsqlDataSource database, IClock clock, LogSignal signal, AppendOptions options) : IAsyncDisposable
{
    /// <summary>After a repeat was met, this many groups are checked before they are written; then the index alone checks them again.</summary>
    private const int CheckedGroupsAfterRepeat = 16;

    /// <summary>Below this size the check costs less than the dead rows of an abandoned copy.</summary>
    private const int AlwaysCheckedEventsMax = 256;

    private readonly HeadState head = new();
    private readonly LogSession session = new(database, options.HeadHeldMax);
    private int checkedGroupsLeft;

    /// <summary>The outcomes of these requests, in their order, once they are on disk.</summary>
    public async Task<IReadOnlyList<AppendOutcome>> RunAsync(IReadOnlyList<AppendRequest> requests)
    {
        var events = requests.Sum(request => request.Items.Count);
        try
        {
            return checkedGroupsLeft > 0 || events <= AlwaysCheckedEventsMax
                ? await TryAsync(requests, check: true)
                : await TryUncheckedAsync(requests);
        }
        catch (PostgresException foreign) when (foreign is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "pkey_mt_events_seq_id" or "pk_mt_events_stream_and_version" })
        {
            throw new ForeignAppendException(
                $"Position {head.Position + 1} or a stream's next version is taken by a row that the ledger did not write. Run 'ledger verify' to name it; the log takes nothing until the row is dealt with.", foreign);
        }
    }

    /// <summary>Lets Marten's sequence catch up with what is committed, when there is time for it.</summary>
    public async Task RaiseSequenceAsync()
    {
        await AppendPoints.Answered.ReachAsync();
        await using var transaction = await (await ConnectAsync()).BeginTransactionAsync();
        await AppendPoints.SequenceBegun.ReachAsync();
        await HeadState.RaiseSequenceAsync(session.Connection);
        await AppendPoints.SequenceRaised.ReachAsync();
        await transaction.CommitAsync();
    }

    public ValueTask DisposeAsync() => session.DisposeAsync();

    private async Task<IReadOnlyList<AppendOutcome>> TryUncheckedAsync(IReadOnlyList<AppendRequest> requests)
    {
        try
        {
            return await TryAsync(requests, check: false);
        }
        catch (PostgresException repeat) when (repeat is { SqlState: PostgresErrorCodes.UniqueViolation, ConstraintName: "idx_mt_events_event_id" })
        {
            // The unique index is the duplicate check of a group that expected none. Nothing was written; now look first.
            checkedGroupsLeft = CheckedGroupsAfterRepeat;
            return await TryAsync(requests, check: true);
        }
    }

    private async Task<IReadOnlyList<AppendOutcome>> TryAsync(IReadOnlyList<AppendRequest> requests, bool check)
    {
        try
        {
            await using var transaction = await (await ConnectAsync()).BeginTransactionAsync();
            await AppendPoints.Begun.ReachAsync();
            await head.LockAsync(session.Connection);
            await AppendPoints.Locked.ReachAsync();
            var known = await KnownAsync(requests, check);
            await AppendPoints.Checked.ReachAsync();
            var (plan, outcomes) = await PlanAsync(requests, known);
            await AppendPoints.Planned.ReachAsync();
            if (plan.Events.Count > 0)
            {
                await CopyAsync(plan);
                await AppendPoints.Copied.ReachAsync();
                await GroupTrail.WriteAsync(session.Connection, plan, head, options);
                await AppendPoints.HeadMoved.ReachAsync();
            }

            await transaction.CommitAsync();
            await AppendPoints.Committed.ReachAsync();
            head.Advance(plan.Head, plan.Events.Count > 0 ? plan.RecordedAt : head.RecordedAt);
            checkedGroupsLeft = known.Count > 0 ? CheckedGroupsAfterRepeat : Math.Max(0, checkedGroupsLeft - 1);
            signal.Advance(plan.Head);
            return outcomes;
        }
        catch
        {
            head.Forget();
            throw;
        }
    }

    private async Task<(GroupPlan Plan, List<AppendOutcome> Outcomes)> PlanAsync(IReadOnlyList<AppendRequest> requests, Dictionary<Guid, KnownEvent> known)
    {
        await head.Versions.LoadAsync(session.Connection, Streams(requests, known));
        var recordedAt = RecordedAt();
        var plan = new GroupPlan(head.Position, recordedAt, head.Versions, known);
        var outcomes = requests.Select(plan.Add).ToList();
        if (head.Versions.Missed.Count == 0)
        {
            return (plan, outcomes);
        }

        // A decision went to a stream that no request named. Now that all are known, those remembered from before too, decide again on their versions.
        var streams = Streams(requests, known).Concat(head.Versions.Touched).ToList();
        head.Versions.Forget();
        head.Versions.Begin();
        await head.Versions.LoadAsync(session.Connection, streams);
        plan = new GroupPlan(head.Position, recordedAt, head.Versions, known);
        outcomes = requests.Select(plan.Add).ToList();
        return head.Versions.Missed.Count == 0
            ? (plan, outcomes)
            : throw new InvalidOperationException("A decision on the same facts went to another stream than before: it is not pure.");
    }

    private async Task CopyAsync(GroupPlan plan)
    {
        await using var copy = await EventCopy.BeginAsync(session.Connection);
        await AppendPoints.CopyBegun.ReachAsync();
        await copy.WriteAsync(plan, head.Edge);
        await AppendPoints.Copying.ReachAsync();
        await copy.CompleteAsync();
    }

    private async Task<Dictionary<Guid, KnownEvent>> KnownAsync(IReadOnlyList<AppendRequest> requests, bool check)
    {
        var known = new Dictionary<Guid, KnownEvent>();
        var keys = requests.SelectMany(request => request.Items).Where(item => check || item.WhenNew is null).Select(item => item.Key);
        await KnownEvents.LoadAsync(session.Connection, [.. keys.Distinct()], known);
        return known;
    }

    private static IEnumerable<(string Tenant, string Stream)> Streams(IReadOnlyList<AppendRequest> requests, Dictionary<Guid, KnownEvent> known)
    {
        foreach (var request in requests)
        {
            foreach (var expected in request.Expected ?? [])
            {
                yield return (request.Tenant, expected.Stream);
            }

            foreach (var item in request.Items)
            {
                if (item.WhenNew is { } news)
                {
                    yield return (request.Tenant, news.Stream);
                }
            }
        }

        foreach (var one in known.Values)
        {
            yield return (one.First.Tenant, one.Current.Stream);
        }
    }

    /// <summary>Now, to the microsecond that the database keeps, and never before the event before it.</summary>
    private Instant RecordedAt()
    {
        var now = Instant.FromUnixTimeTicks(clock.GetCurrentInstant().ToUnixTimeTicks() / 10 * 10);
        if (now - head.DatabaseTime > options.ClockAheadMax)
        {
            throw new ClockAheadException(
                $"The clock of this host says {now}, that of the database {head.DatabaseTime}: nothing is appended until they agree. Set the wrong one right.");
        }

        return Instant.Max(now, head.RecordedAt);
    }

    private async Task<NpgsqlConnection> ConnectAsync()
    {
        var (connection, isNew) = await session.OpenAsync();
        if (isNew)
        {
            head.Forget();
        }

        return connection;
    }
}
