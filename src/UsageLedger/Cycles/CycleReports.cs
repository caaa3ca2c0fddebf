using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Makes reports of rows.</summary>
internal static class CycleReports
{
    /// <param name="rows">Of one page, and one more if another follows.</param>
    public static CycleReport Of(
        ReadCycle query, CycleView cycle, ClientCalendar calendar, CycleSums sums, List<CycleRow> rows, long position)
    {
        var page = rows.Take(query.Limit).ToList();
        return new CycleReport(
            query.ClientId,
            cycle,
            [.. page.Where(row => row.Origin is null).Select(row => row.ToLine())],
            [.. page.Where(row => row.Origin is not null).Select(row => row.ToAdjustment(calendar.CycleAt(row.Origin!.Value).Id.ToString()))],
            sums.Totals,
            sums.Quality,
            position)
        {
            NextCursor = rows.Count > page.Count && page.Count > 0 ? CursorOf(page[^1].Place) : null,
        };
    }

    /// <summary>Null when the values are no place of a cycle.</summary>
    public static CyclePlace? Place(IReadOnlyList<string> values)
    {
        var origin = values[0].Length == 0 ? null : InstantTicks.Read(values[0]);
        return origin is null && values[0].Length > 0 ? null : new CyclePlace(origin, values[1], values[2], values[3], values[4], values[5]);
    }

    private static string CursorOf(CyclePlace place) => Cursor.Of(
        place.Origin is { } origin ? InstantTicks.Write(origin) : "", place.Provider, place.Metric, place.AgentId, place.Unit, place.Currency);
}
