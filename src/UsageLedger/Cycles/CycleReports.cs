using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Cycles;

/// <summary>Makes reports of rows.</summary>
internal static class CycleReports
{
    public static CycleReport Of(string clientId, CycleView cycle, ClientCalendar calendar, List<CycleRow> rows, long position)
    {
        rows.Sort(CycleRow.Compare);
        var told = rows.Where(row => row.IsSomething).ToList();
        return new CycleReport(
            clientId,
            cycle,
            [.. told.Where(row => row.Origin is null).Select(Line)],
            [.. told.Where(row => row.Origin is not null).Select(row => Adjustment(row, calendar))],
            [.. told.DistinctBy(row => row.Currency).Select(row => new CycleTotal(row.Currency, row.CurrencyTotal))
                .OrderBy(total => total.Currency, StringComparer.Ordinal)],
            Quality(rows),
            position);
    }

    private static CycleLine Line(CycleRow row) =>
        new(row.Provider, row.Metric, row.AgentId, row.Unit, row.Quantity, row.Cost, row.Currency, row.Records);

    private static CycleAdjustment Adjustment(CycleRow row, ClientCalendar calendar) => new(
        calendar.CycleAt(row.Origin!.Value).Id.ToString(),
        row.Provider, row.Metric, row.AgentId, row.Unit, row.Quantity, row.Cost, row.Currency, row.Records);

    /// <summary>An adjustment that brings a closed cycle's price takes its record off the pending ones there, not off ours.</summary>
    private static CycleQuality Quality(List<CycleRow> rows) => new(
        Records: rows.Where(row => row.Origin is null).Sum(row => row.Records),
        Duplicates: 0,
        Revised: rows.Sum(row => row.Revised),
        Voided: rows.Sum(row => row.Voided),
        Late: rows.Where(row => row.Origin is not null).Sum(row => row.Records),
        PendingCost: rows.Sum(row => row.Origin is null ? row.Pending : Math.Max(0, row.Pending)),
        Unattributed: 0,
        Coverage: null);
}
