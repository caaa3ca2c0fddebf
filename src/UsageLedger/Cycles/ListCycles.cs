using NodaTime;
using Npgsql;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Asks for a client's cycles, newest first, from the current one back to that of the first usage.</summary>
/// <param name="Before">The start of the last cycle of the page before; null: from the current one.</param>
public sealed record ListCycles(string Tenant, string ClientId, Instant? Before, int Limit, Instant Now)
{
    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <param name="Next">What to ask before; null when nothing follows.</param>
public sealed record CyclePage(IReadOnlyList<CycleView> Cycles, Instant? Next);

/// <inheritdoc cref="ListCycles"/>
public static class ListCyclesHandler
{
    /// <summary>Usage that came too late for an empty closed cycle has no row there, so the closed ones count too.</summary>
    private const string SelectFirst = """
        select least(
            (select min(a.cycle_start) from read.cycle_aggregates a where a.tenant_id = $1 and a.client_id = $2),
            (select min(z.cycle_start) from read.cycle_closings z where z.tenant_id = $1 and z.client_id = $2))
        """;

    private const string SelectClosed = """
        select z.cycle_start from read.cycle_closings z
        where z.tenant_id = $1 and z.client_id = $2 and z.cycle_start between $3 and $4
        """;

    /// <summary>Null when nothing named the client.</summary>
    public static async Task<CyclePage?> Handle(ListCycles query, NpgsqlDataSource database, CancellationToken ct)
    {
        var (snapshot, known) = await ReadSnapshot.OfLinesAsync(database, query.Tenant, CalendarAt.Of(query.Tenant, query.ClientId, query.Zones), ct);
        await using var held = snapshot;
        if (known is not { } calendar)
        {
            return null;
        }

        var first = Instant.Min(await FirstAsync(snapshot, query, ct) ?? query.Now, query.Now);
        var cycles = Backwards(calendar, query, first).Take(query.Limit + 1).ToList();
        if (cycles.Count == 0)
        {
            return new CyclePage([], null);
        }

        var closed = await ClosedAsync(snapshot, query, cycles, ct);
        var page = cycles.Take(query.Limit).ToList();
        return new CyclePage(
            page.ConvertAll(cycle => CycleView.Of(cycle, calendar, query.Now, closed.Contains(cycle.Start))),
            cycles.Count > query.Limit ? page[^1].Start : null);
    }

    private static IEnumerable<Cycle> Backwards(ClientCalendar calendar, ListCycles query, Instant first)
    {
        var cycle = calendar.CycleAt(query.Now);
        cycle = query.Before is { } before && before <= cycle.Start ? calendar.CycleAt(before - Duration.Epsilon) : cycle;
        for (; cycle.End > first; cycle = calendar.Previous(cycle))
        {
            yield return cycle;
        }
    }

    private static async Task<Instant?> FirstAsync(ReadSnapshot snapshot, ListCycles query, CancellationToken ct)
    {
        await using var select = snapshot.Command(SelectFirst, new() { Value = query.Tenant }, new() { Value = query.ClientId });
        return await select.ExecuteScalarAsync(ct) is DateTime first ? Instant.FromDateTimeUtc(first) : null;
    }

    private static async Task<HashSet<Instant>> ClosedAsync(ReadSnapshot snapshot, ListCycles query, List<Cycle> newestFirst, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            SelectClosed, new() { Value = query.Tenant }, new() { Value = query.ClientId },
            Columns.Of(newestFirst[^1].Start),
            Columns.Of(newestFirst[0].Start));
        await using var reader = await select.ExecuteReaderAsync(ct);
        var closed = new HashSet<Instant>();
        while (await reader.ReadAsync(ct))
        {
            closed.Add(reader.GetInstant(0));
        }

        return closed;
    }
}
