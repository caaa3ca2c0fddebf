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

            if (!await models.WaitForAsync(await reader.HeadAsync(ct), CloseFiguresRead.Projections, ct))
            {
                return new CloseOutcome(CloseVerdict.Behind);
            }

            var cycle = registration.Calendar.Find(command.Cycle, now)!;
            var figures = await CloseFiguresRead.ReadAsync(database, command.Tenant, command.ClientId, cycle, ct);
            if (CloseRule.Decide(figures, cycle, command.Force) is { } unready)
            {
                return unready;
            }

            var read = new ReadCycle(command.Tenant, command.ClientId, command.Cycle, now) { Limit = 0, Zones = command.Zones };
            if (await ReadCycleHandler.FreezeAsync(read, database, ct) is { } frozen
                && await AppendAsync(command, frozen, CloseRule.Unmet(figures), registration.Version, log, database, ct) is { } position)
            {
                return new CloseOutcome(CloseVerdict.Closed, frozen.Report.Cycle.Id, position);
            }
        }

        return new CloseOutcome(CloseVerdict.ChangedMeanwhile);
    }

    /// <summary>The position of the close; null if the client's registration is no longer at the version.</summary>
    private static async Task<long?> AppendAsync(
        CloseCycle command, (CycleReport Report, string LinesHash) frozen, IReadOnlyList<ClosePrecondition> overridden, long version,
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
