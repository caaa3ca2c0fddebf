using NodaTime;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Usage of the period that no line of the invoice names, as a line of the report.</summary>
internal sealed record UnclaimedUsage(string Metric, string? ResourceId, string? ResourceIs, LocalDate? Date, string? Unit, Interval Period, Figures Figures, bool IsCountable)
{
    private const string Record = "record";
    private const string Resource = "resource";

    /// <summary>What costs nothing and never will is not missing from an invoice.</summary>
    public bool IsCharged => Figures.Cost != 0 || Figures.Pending != 0;

    /// <summary>In an order of its own.</summary>
    public static IEnumerable<UnclaimedUsage> Of(UsageByLine usage) =>
        usage.Unclaimed.Where(left => !left.Value.IsNothing).Select(left => Of(usage, left.Key, left.Value))
            .Concat(usage.Claimed.SelectMany(claimed => Rest(usage, claimed)))
            .OrderBy(left => left.Date ?? LocalDate.MinIsoValue).ThenBy(left => left.Metric, StringComparer.Ordinal)
            .ThenBy(left => left.ResourceId, StringComparer.Ordinal).ThenBy(left => left.ResourceIs, StringComparer.Ordinal).ThenBy(left => left.Unit, StringComparer.Ordinal);

    public ReportLine ToLine(int number) => new(
        number, null, Metric, ResourceId, Date, Unit, new ReportPeriod(Period.Start, Period.End), LineStatus.MissingAtProvider,
        new ReportFigures(IsCountable ? Figures.Quantity : null, Figures.Cost, Figures.Records, Figures.Pending), new ReportFigures(0, 0), -Figures.Cost, null, null,
        ResourceIs, null);

    private static UnclaimedUsage Of(UsageByLine usage, UnclaimedKey key, Figures figures) => new(
        key.Metric, key.NativeId ?? key.ResourceId, key.NativeId is not null ? Record : key.ResourceId is not null ? Resource : null, key.Date, key.Unit,
        PeriodOf(usage, key.Date), figures, true);

    /// <summary>Days of a metric and resource that the invoice names, but not of these days.</summary>
    private static IEnumerable<UnclaimedUsage> Rest(UsageByLine usage, SelectorUsage claimed)
    {
        var days = new SortedDictionary<LocalDate, Figures>();
        for (var at = 0; at < claimed.Entries.Count && claimed.Pools.Whole is null; at++)
        {
            var (when, _, figures) = claimed.Entries[at];
            var date = usage.Pools.DateOf(when);
            if (usage.Pools.IsInPeriod(when) && !claimed.Pools.ByDate.ContainsKey(date) && !claimed.IsTaken(at))
            {
                days[date] = days.GetValueOrDefault(date) + figures;
            }
        }

        var selector = claimed.Pools.Selector;
        return days.Where(day => !day.Value.IsNothing).Select(day => new UnclaimedUsage(
            selector.Metric, selector.ResourceId, null, day.Key, claimed.CommonUnit, PeriodOf(usage, day.Key), day.Value, claimed.IsCountable));
    }

    private static Interval PeriodOf(UsageByLine usage, LocalDate? date) => date is { } day
        ? usage.Pools.DayInPeriod(day)
        : new Interval(usage.Pools.Invoice.PeriodStart, usage.Pools.Invoice.PeriodEnd);
}
