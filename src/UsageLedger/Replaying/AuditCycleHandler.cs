using NodaTime;
using Npgsql;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reporting;

namespace UsageLedger.Replaying;

/// <summary>Handles <see cref="AuditCycle"/>. Reads only; memory grows with the lines of the cycle, never with its events.</summary>
public static class AuditCycleHandler
{
    /// <summary>Null when the client, or a cycle of that name, did not exist by then; where its registration was changed, nobody knows that.</summary>
    public static async Task<CycleAudit?> Handle(AuditCycle query, LogReader reader, ITileSource tiles, NpgsqlDataSource database, CancellationToken ct)
    {
        var found = new Findings();
        var (log, agreed, cycle, shown) = await OpenAsync(query, reader, new LeafCheck(tiles), found, database, ct);
        if (cycle is null)
        {
            return found.Total > 0 && await log.IsNamedAsync(database, ct) ? Missing(query, found, log.Position, await AuditedTree.RootAsync(tiles, log.Position, ct)) : null;
        }

        var registration = agreed.Registration;
        var rule = new BookingRule(registration);
        var replay = new CycleReplay(rule, cycle.Start);
        await ReplayAsync(log, replay, new LeafCheck(tiles), found, database, ct);
        var replayed = replay.End();
        var hash = await LinesHash.OfAsync(replayed.Rows.ToAsyncEnumerable(), Name, ct);
        if (shown is not null)
        {
            found.Compare("table", AuditRules.WithShown(replayed, shown));
        }

        var closed = registration.Closed.GetValueOrDefault(cycle.Start);
        if (closed is not null)
        {
            found.Compare("close", AuditRules.WithClose(replayed, hash, closed));
            found.Compare("root", await AuditedTree.CompareAsync(tiles, closed, ct));
        }

        found.Compare("reconciliations", []);
        var reconciliations = await new ReconciliationCheck(reader, tiles, database, query.Tenant).RunAsync(cycle, log.Position, found, ct);

        return new CycleAudit(
            query.Tenant, query.ClientId,
            new AuditedCycle(cycle.Id.ToString(), cycle.Start, cycle.End, registration.Calendar.RuleAt(cycle.Start).Zone.Id),
            log.Position, await AuditedTree.RootAsync(tiles, log.Position, ct), replay.Events, replay.Booked,
            closed is null ? null : Close(closed, agreed.ClosedAt[closed.Start]),
            replayed.Totals, new AuditedCounts(replayed.Records, replayed.Late, replayed.Revised, replayed.Voided, replayed.PendingCost),
            hash, found.ComparedWith, found.Total, found.Listed)
        {
            Reconciliations = reconciliations,
            Lines = query.WithLines ? [.. replayed.Shown.Select((line, at) => Line(at + 1, line, Name))] : null,
            Events = replayed.Shown.ElementAtOrDefault((query.EventsOf ?? 0) - 1) is { } line
                ? new AuditedUses(log, rule, tiles).OfAsync(cycle.Start, line.Key, query.WithProofs, ct)
                : null,
        };

        string Name(Instant start) => registration.Calendar.CycleAt(start).Id.ToString();
    }

    /// <summary>
    /// The rows are read before the log, at the position that they stand for. What stands in them is that of an earlier position only where the
    /// cycle had closed by then.
    /// </summary>
    private static async Task<(LogAt Log, AgreedTerms Agreed, Cycle? Cycle, List<ShownLine>? Shown)> OpenAsync(
        AuditCycle query, LogReader reader, LeafCheck leaves, Findings found, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfLinesAsync(database, query.Tenant, ct);
        var log = new LogAt(reader, query.Tenant, query.ClientId, query.AsOf ?? snapshot.Position);
        var agreed = await log.CheckedAsync(query.Zones, leaves, found, database, ct);
        var registration = agreed.Registration;
        if (!await log.IsNamedAsync(database, ct) || registration.Calendar.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return (log, agreed, null, null);
        }

        var comparable = log.Position == snapshot.Position || (log.Position < snapshot.Position && registration.Closed.ContainsKey(cycle.Start));
        return (log, agreed, cycle, comparable ? await ShownCycle.ReadAsync(snapshot, query.Tenant, query.ClientId, cycle.Start, ct) : null);
    }

    /// <summary>That it was asked for is all that is known of the cycle.</summary>
    private static CycleAudit Missing(AuditCycle query, Findings found, long position, string? root)
    {
        found.Compare("leaves", [new(AuditDifference.CycleMissing, $"cycle {query.Cycle}", null, "a registration that was changed")]);
        return new CycleAudit(
            query.Tenant, query.ClientId, new AuditedCycle(query.Cycle, null, null, null), position, root, 0, 0, null, [], new AuditedCounts(0, 0, 0, 0, 0), "",
            found.ComparedWith, found.Total, found.Listed);
    }

    private static async Task ReplayAsync(LogAt log, CycleReplay replay, LeafCheck leaves, Findings found, NpgsqlDataSource database, CancellationToken ct)
    {
        found.Compare("leaves", []);
        await foreach (var stored in log.CheckedUsageAsync(leaves, found, database, ct))
        {
            try
            {
                replay.Take(stored);
            }
            catch (UnreadableEventException)
            {
                found.Unreadable(stored);
            }
        }
    }

    private static AuditedClose Close(CycleClosed closed, long position) =>
        new(position, closed.AsOfPosition, closed.RootHash, closed.LinesHash, closed.Reason, closed.Overridden);

    private static AuditedLine Line(int number, ReplayedLine line, Func<Instant, string> name) => new(
        number, line.Key.Origin is { } origin ? name(origin) : null, line.Key.Provider, line.Key.Metric, line.Key.AgentId, line.Key.Unit,
        line.Sums.Quantity.ToString(), line.Sums.Cost.ToString(), line.Key.Currency, line.Sums.Records);
}
