using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reporting;

namespace UsageLedger.Replaying;

/// <summary>Handles <see cref="AuditCycle"/>. Reads only; memory grows with the lines of the cycle, never with its events.</summary>
public static class AuditCycleHandler
{
    /// <summary>Null when the client, or a cycle of that name, did not exist by then.</summary>
    public static async Task<CycleAudit?> Handle(AuditCycle query, LogReader reader, ITileSource tiles, NpgsqlDataSource database, CancellationToken ct)
    {
        if (await ReadClientHandler.Handle(new ReadClient(query.Tenant, query.ClientId), database, ct) is null)
        {
            return null;
        }

        var (log, registration, cycle, shown) = await OpenAsync(query, reader, database, ct);
        if (cycle is null)
        {
            return null;
        }

        var found = new Findings();
        await CheckAgreedAsync(log, new LeafCheck(tiles), found, ct);
        var rule = new BookingRule(registration);
        var replay = new CycleReplay(rule, cycle.Start);
        await ReplayAsync(log, replay, new LeafCheck(tiles), found, ct);
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
            closed is null ? null : await CloseAsync(log, closed, ct),
            replayed.Totals, new AuditedCounts(replayed.Records, replayed.Late, replayed.Revised, replayed.Voided, replayed.PendingCost),
            hash, found.ComparedWith, found.Total, found.Listed)
        {
            Reconciliations = reconciliations,
            Lines = query.WithLines ? [.. replayed.Shown.Select((line, at) => Line(at + 1, line, Name))] : null,
            Events = replayed.Shown.ElementAtOrDefault((query.EventsOf ?? 0) - 1) is { } line
                ? new LineEvents(log, rule, tiles).OfAsync(cycle.Start, line.Key, query.WithProofs, ct)
                : null,
        };

        string Name(Instant start) => registration.Calendar.CycleAt(start).Id.ToString();
    }

    /// <summary>
    /// The rows are read before the log, at the position that they stand for. What stands in them is that of an earlier position only where the
    /// cycle had closed by then.
    /// </summary>
    private static async Task<(LogAt Log, Registration Registration, Cycle? Cycle, List<ShownLine>? Shown)> OpenAsync(
        AuditCycle query, LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfCyclesAsync(database, ct);
        var log = new LogAt(reader, query.Tenant, query.ClientId, query.AsOf ?? snapshot.Position);
        var registration = await log.RegistrationAsync(query.Zones, ct);
        if (registration.Calendar.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return (log, registration, null, null);
        }

        var comparable = log.Position == snapshot.Position || (log.Position < snapshot.Position && registration.Closed.ContainsKey(cycle.Start));
        return (log, registration, cycle, comparable ? await ShownCycle.ReadAsync(snapshot, query.Tenant, query.ClientId, cycle.Start, ct) : null);
    }

    private static async Task CheckAgreedAsync(LogAt log, LeafCheck leaves, Findings found, CancellationToken ct)
    {
        var version = 0L;
        await foreach (var stored in log.AgreedAsync(ct))
        {
            version = found.Follow(stored, version);
            found.Leaf(stored, await leaves.HoldsAsync(stored, ct));
        }
    }

    private static async Task ReplayAsync(LogAt log, CycleReplay replay, LeafCheck leaves, Findings found, CancellationToken ct)
    {
        found.Compare("leaves", []);
        var version = 0L;
        await foreach (var stored in log.UsageAsync(0, ct))
        {
            version = found.Follow(stored, version);
            var holds = await leaves.HoldsAsync(stored, ct);
            found.Leaf(stored, holds);
            try
            {
                replay.Take(stored);
            }
            catch (Exception unreadable) when (!holds && unreadable is InvalidDataException or InvalidOperationException)
            {
                // Already told as changed; the rest of the cycle is still worth comparing.
            }
        }
    }

    private static async Task<AuditedClose> CloseAsync(LogAt log, CycleClosed closed, CancellationToken ct)
    {
        var position = 0L;
        await foreach (var stored in log.AgreedAsync(ct))
        {
            position = stored.Type == EventTypes.CycleClosed && CycleClosed.Read(stored.Data).Start == closed.Start ? stored.Position : position;
        }

        return new AuditedClose(position, closed.AsOfPosition, closed.RootHash, closed.LinesHash, closed.Reason, closed.Overridden);
    }

    private static AuditedLine Line(int number, ReplayedLine line, Func<Instant, string> name) => new(
        number, line.Key.Origin is { } origin ? name(origin) : null, line.Key.Provider, line.Key.Metric, line.Key.AgentId, line.Key.Unit,
        line.Sums.Quantity.ToString(), line.Sums.Cost.ToString(), line.Key.Currency, line.Sums.Records);
}
