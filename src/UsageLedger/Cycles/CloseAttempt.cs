using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Cycles;

/// <summary>One try of <see cref="CloseCycleHandler"/>: it decides by the registration, then by the figures, then freezes the lines.</summary>
internal sealed class CloseAttempt(CloseCycle command, Instant now, LogAppender log, LogReader reader, ReadModels models, NpgsqlDataSource database)
{
    private readonly ReadCycle read = new(command.Tenant, command.ClientId, command.Cycle, now) { Limit = 0, Zones = command.Zones };

    private static CloseOutcome Behind => new(CloseVerdict.Behind);

    /// <returns>Null when the client, or the lines beside which the figures were read, changed meanwhile.</returns>
    public async Task<CloseOutcome?> RunAsync(CancellationToken ct)
    {
        var registration = await Registration.LoadAsync(reader, command.Tenant, command.ClientId, command.Zones, ct);
        if (CloseRule.Decide(registration, command.Cycle, command.Force, now) is { } known)
        {
            return known;
        }

        var head = await reader.HeadAsync(ct);
        if (!await models.WaitForAsync(head, CloseFiguresRead.OfLines, ct))
        {
            return Behind;
        }

        var cycle = registration.Calendar.Find(command.Cycle, now)!;
        var before = await ReadCycleHandler.FreezeAsync(read, database, ct);
        if (before?.GoesBy(command.Zones) == false || await FiguresAsync(cycle, before, head, ct) is not { } figures)
        {
            return Behind;
        }

        if (CloseRule.Decide(figures, cycle, command.Force) is { } unready)
        {
            return unready;
        }

        return await models.WaitForAsync(await reader.HeadAsync(ct), CloseFiguresRead.OfLines, ct)
            ? await FreezeAsync(before, figures, registration.Version, ct)
            : Behind;
    }

    /// <summary>Of read models that hold all that the lines of before hold, which Force does not wait for; null: they do not come to it.</summary>
    private async Task<CloseFigures?> FiguresAsync(Cycle cycle, FrozenCycle? before, long head, CancellationToken ct)
    {
        if (!command.Force && !await models.WaitForAsync(before?.Report.Position ?? head, CloseFiguresRead.Projections, ct))
        {
            return null;
        }

        var unknown = command.Force ? await CloseFiguresRead.UnknownAsync(models, head, ct) : [];
        return (await CloseFiguresRead.ReadAsync(database, command.Tenant, command.ClientId, cycle, ct)) with { Unknown = unknown };
    }

    private async Task<CloseOutcome?> FreezeAsync(FrozenCycle? before, CloseFigures figures, long version, CancellationToken ct) =>
        await ReadCycleHandler.FreezeAsync(read, database, ct) is { } frozen && frozen.GoesBy(command.Zones) && (command.Force || IsStill(before, frozen))
        && await AppendAsync(frozen, CloseRule.Unmet(figures), version, ct) is { } position
            ? new CloseOutcome(CloseVerdict.Closed, frozen.Report.Cycle.Id, position)
            : null;

    /// <summary>Whether the lines that are frozen are those beside which the figures were read; a cost of 0 tells of itself by the pending ones alone.</summary>
    private static bool IsStill(FrozenCycle? before, FrozenCycle frozen) =>
        before?.LinesHash == frozen.LinesHash && before?.Report.Quality.PendingCost == frozen.Report.Quality.PendingCost;

    /// <summary>The position of the close; null if the client's registration is no longer at the version.</summary>
    private async Task<long?> AppendAsync(FrozenCycle frozen, IReadOnlyList<ClosePrecondition> overridden, long version, CancellationToken ct)
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
