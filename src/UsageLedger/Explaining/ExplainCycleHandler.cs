using System.Globalization;
using NodaTime;
using Npgsql;
using UsageLedger.Answering;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Reading;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.Explaining;

/// <summary>Handles <see cref="ExplainCycle"/>. Pages are of one position of the log, so that they stay of one mind while it grows.</summary>
public static class ExplainCycleHandler
{
    /// <summary>Pages of the log that one page of the answer looks through.</summary>
    private const int PagesMax = 20;

    /// <summary>Null when the client, or a cycle of that name, does not exist.</summary>
    /// <exception cref="UnreadableEventException">An event that is to be explained, or that says what time the cycle is of, cannot be read.</exception>
    public static async Task<CycleExplanation?> Handle(ExplainCycle query, LogReader reader, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfLinesAsync(database, query.Tenant, ct);
        var position = Math.Min(query.After?.Position ?? snapshot.Position, snapshot.Position);
        var log = new LogAt(reader, query.Tenant, query.ClientId, position);
        if (!await log.IsNamedAsync(database, ct))
        {
            return null;
        }

        var registration = await log.RegistrationAsync(query.Zones, ct);
        if (registration.Calendar.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return null;
        }

        var lines = query.After is null ? await LinesAsync(snapshot, query, cycle, Name, ct) : null;
        await snapshot.DisposeAsync();
        var shares = new CycleShares(reader, database, query.Tenant, query.ClientId, registration, cycle, position);
        var (rows, through) = await PageAsync(query, shares, key => query.Line.Matches(key, Name), ct);
        var told = await new ExplainedRows(reader, database, query.Tenant).OfAsync(rows, Name, ct);
        return new CycleExplanation(
            query.ClientId, CycleView.Of(cycle, registration.Calendar, query.Now, registration.Closed.ContainsKey(cycle.Start)), lines, told,
            through is { } version ? Cursor.Of(Text(position), Text(version)) : null, position);

        string Name(Instant start) => registration.Calendar.CycleAt(start).Id.ToString();
    }

    private static async Task<List<ExplainedLine>> LinesAsync(
        ReadSnapshot snapshot, ExplainCycle query, Cycle cycle, Func<Instant, string> name, CancellationToken ct)
    {
        var lines = new List<ExplainedLine>();
        await foreach (var row in CycleRows.AllAsync(snapshot, query.Tenant, query.ClientId, cycle.Start, ct))
        {
            var key = new LineKey(row.Origin, row.Provider, row.Metric, row.AgentId, row.Unit, row.Currency);
            if (lines.Count < ReadCycle.LinesMax && query.Line.Matches(key, name))
            {
                lines.Add(new ExplainedLine(
                    row.Origin is { } origin ? name(origin) : null, row.Provider, row.Metric, row.AgentId, row.Unit, row.Quantity, row.Cost, row.Currency, row.Records));
            }
        }

        return lines;
    }

    /// <summary>The rows, and the version after which the next page goes on; null when it was the last.</summary>
    private static async Task<(List<UsageShare> Rows, long? Through)> PageAsync(
        ExplainCycle query, CycleShares shares, Func<LineKey, bool> matches, CancellationToken ct)
    {
        var rows = new List<UsageShare>();
        var pages = 0;
        await foreach (var page in shares.AfterAsync(query.After?.Version ?? await shares.BeginAsync(ct), matches, ct))
        {
            foreach (var share in page.Shares)
            {
                // Two lines of one event stand on one page: the cursor names the event.
                if (rows.Count >= query.Limit && share.Version != rows[^1].Version)
                {
                    return (rows, rows[^1].Version);
                }

                rows.Add(share);
            }

            if (++pages == PagesMax)
            {
                return (rows, page.ThroughVersion);
            }
        }

        return (rows, null);
    }

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
