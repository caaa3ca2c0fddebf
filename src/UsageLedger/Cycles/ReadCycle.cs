using NodaTime;
using Npgsql;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Asks for a client's cycle by any name it has.</summary>
/// <param name="Now">What <c>current</c> means, and whether a cycle is over.</param>
public sealed record ReadCycle(string Tenant, string ClientId, string Cycle, Instant Now)
{
    public const int LinesMax = 10_000;

    /// <summary>The last line or adjustment of the page before; null: from the first.</summary>
    public CyclePlace? After { get; init; }

    /// <summary>How many lines and adjustments a page holds.</summary>
    public int Limit { get; init; } = LinesMax;

    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <inheritdoc cref="ReadCycle"/>
public static class ReadCycleHandler
{
    private const string SelectTimeZones = "select version from read.cycle_tzdb";

    /// <summary>Null when the client, or a cycle of that name, does not exist.</summary>
    public static async Task<CycleReport?> Handle(ReadCycle query, NpgsqlDataSource database, CancellationToken ct)
    {
        var (snapshot, calendar) = await OpenAsync(query, database, ct);
        await using var held = snapshot;
        return calendar is null ? null : await ReadAsync(snapshot, query, calendar, isLast: true, ct);
    }

    /// <summary>One page of the cycle, and what a close freezes of it at the same moment.</summary>
    internal static async Task<FrozenCycle?> FreezeAsync(ReadCycle query, NpgsqlDataSource database, CancellationToken ct)
    {
        var (snapshot, calendar) = await OpenAsync(query, database, ct);
        await using var held = snapshot;
        if (calendar is null || await ReadAsync(snapshot, query, calendar, isLast: false, ct) is not { } report)
        {
            return null;
        }

        var hash = await LinesHash.OfAsync(
            CycleRows.AllAsync(snapshot, query.Tenant, query.ClientId, report.Cycle.Start, ct), origin => calendar.CycleAt(origin).Id.ToString(), ct);
        await using var select = snapshot.Command(SelectTimeZones);
        return new FrozenCycle(report, hash, await select.ExecuteScalarAsync(ct) as string);
    }

    private static Task<(ReadSnapshot, ClientCalendar?)> OpenAsync(ReadCycle query, NpgsqlDataSource database, CancellationToken ct) =>
        ReadSnapshot.OfCyclesAsync(database, query.Tenant, CalendarAt.Of(query.Tenant, query.ClientId, query.Zones), ct);

    private static async Task<CycleReport?> ReadAsync(ReadSnapshot snapshot, ReadCycle query, ClientCalendar calendar, bool isLast, CancellationToken ct)
    {
        if (calendar.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return null;
        }

        await using var batch = snapshot.Batch();
        batch.BatchCommands.Add(CycleSums.Ask(query.Tenant, query.ClientId, cycle.Start));
        batch.BatchCommands.Add(CycleRows.AskPage(query.Tenant, query.ClientId, cycle.Start, query.After, query.Limit + 1));
        QualityReads.Ask(batch.BatchCommands, query.Tenant, query.ClientId, cycle);
        if (isLast)
        {
            ReadSnapshot.EndBehind(batch);
        }

        await using var reader = await batch.ExecuteReaderAsync(ct);
        var sums = await CycleSums.TakeAsync(reader, ct);
        await reader.NextResultAsync(ct);
        var rows = await CycleRows.TakeAsync(reader, ct);
        await reader.NextResultAsync(ct);
        sums = sums with { Quality = await QualityReads.TakeAsync(reader, cycle, sums.Quality, ct) };
        var view = CycleView.Of(cycle, calendar, query.Now, sums.Closed);
        return CycleReports.Of(query, view, calendar, sums, rows, snapshot.Position);
    }
}
