using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Cycles;

/// <summary>Handles <see cref="CloseCycle"/>.</summary>
/// <remarks>
/// The lines are those of the read model, once it holds all that was in the log when the close began; what is recorded after their
/// position, even before the close itself is in the log, is late. The registration must not have changed in between, or all is done anew.
/// The preconditions are read of what holds the lines of before, and the lines are frozen of what holds all that the preconditions could: where
/// those are the same lines, what is frozen is what was checked. Force waits for the lines alone, and tells what it could not know.
/// Nothing is frozen of lines that were booked by another time zone database than this program's: they may be those of other boundaries.
/// </remarks>
public static class CloseCycleHandler
{
    private const int AttemptsMax = 5;

    public static async Task<CloseOutcome> Handle(
        CloseCycle command, LogAppender log, LogReader reader, ReadModels models, NpgsqlDataSource database, IClock clock, CancellationToken ct)
    {
        if (await ReadClientHandler.Handle(new ReadClient(command.Tenant, command.ClientId), database, ct) is null)
        {
            return new CloseOutcome(CloseVerdict.NotFound);
        }

        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var now = clock.GetCurrentInstant();
            var registration = await Registration.LoadAsync(reader, command.Tenant, command.ClientId, command.Zones, ct);
            if (CloseRule.Decide(registration, command.Cycle, command.Force, now) is { } known)
            {
                return known;
            }

            var head = await reader.HeadAsync(ct);
            if (!await models.WaitForAsync(head, CloseFiguresRead.OfLines, ct))
            {
                return new CloseOutcome(CloseVerdict.Behind);
            }

            var cycle = registration.Calendar.Find(command.Cycle, now)!;
            var read = new ReadCycle(command.Tenant, command.ClientId, command.Cycle, now) { Limit = 0, Zones = command.Zones };
            var before = await ReadCycleHandler.FreezeAsync(read, database, ct);
            if (before?.GoesBy(command.Zones) == false
                || (!command.Force && !await models.WaitForAsync(before?.Report.Position ?? head, CloseFiguresRead.Projections, ct)))
            {
                return new CloseOutcome(CloseVerdict.Behind);
            }

            var unknown = command.Force ? await CloseFiguresRead.UnknownAsync(models, head, ct) : [];
            var figures = (await CloseFiguresRead.ReadAsync(database, command.Tenant, command.ClientId, cycle, ct)) with { Unknown = unknown };
            if (CloseRule.Decide(figures, cycle, command.Force) is { } unready)
            {
                return unready;
            }

            if (!await models.WaitForAsync(await reader.HeadAsync(ct), CloseFiguresRead.OfLines, ct))
            {
                return new CloseOutcome(CloseVerdict.Behind);
            }

            if (await ReadCycleHandler.FreezeAsync(read, database, ct) is { } frozen && frozen.GoesBy(command.Zones) && (command.Force || IsStill(before, frozen))
                && await AppendAsync(command, frozen, CloseRule.Unmet(figures), registration.Version, log, database, ct) is { } position)
            {
                return new CloseOutcome(CloseVerdict.Closed, frozen.Report.Cycle.Id, position);
            }
        }

        return new CloseOutcome(CloseVerdict.ChangedMeanwhile);
    }

    /// <summary>Whether the lines that are frozen are those beside which the figures were read; a cost of 0 tells of itself by the pending ones alone.</summary>
    private static bool IsStill(FrozenCycle? before, FrozenCycle frozen) =>
        before?.LinesHash == frozen.LinesHash && before?.Report.Quality.PendingCost == frozen.Report.Quality.PendingCost;

    /// <summary>The position of the close; null if the client's registration is no longer at the version.</summary>
    private static async Task<long?> AppendAsync(
        CloseCycle command, FrozenCycle frozen, IReadOnlyList<ClosePrecondition> overridden, long version,
        LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        var report = frozen.Report;
        var root = await new TreeReader(new LogTiles(database)).RootAsync(report.Position, ct);
        var closed = new CycleClosed(
            command.ClientId, report.Cycle.Id, report.Cycle.Start, report.Cycle.End, report.Cycle.TimeZone, report.Position,
            Convert.ToHexStringLower(root), frozen.LinesHash, report.Quality.Records, report.Totals, command.Reason) { Overridden = overridden };
        var stream = StreamNames.OfRegistration(command.ClientId);
        var id = DeterministicId.Of(EventTypes.CycleClosed, command.Tenant, command.ClientId, Rfc3339.Format(closed.Start));
        var item = new AppendItem(id, new NewEvent(id, stream, EventTypes.CycleClosed, closed.ToCanonical()));
        var outcome = await log.AppendAsync(
            new AppendRequest(command.Tenant, command.CorrelationId, [item], [new ExpectedVersion(stream, version)]), ct);
        return outcome.VersionConflict ? null : outcome.Items[0].Position;
    }
}
