using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Holds every pool of lines against its usage: first at the time that the lines say, then at others.</summary>
internal sealed class PoolJudge(ProviderInvoice invoice, Tolerance tolerance, UsageByLine usage)
{
    /// <summary>How far outside the period usage is looked for: no two time zones are further apart.</summary>
    public static readonly Duration Beyond = Duration.FromHours(26);

    private readonly Lazy<ZoneEdges> edges = new(() => new ZoneEdges(invoice));

    public IReadOnlyList<PoolVerdict> Judge()
    {
        var verdicts = usage.Claimed.SelectMany(Nominal).ToList();
        var open = verdicts.Where(verdict => verdict.IsOpen).ToList();
        var fitting = open.ConvertAll(Fitting);
        var votes = fitting.SelectMany(fits => fits.Where(fit => fit.HasMore)).CountBy(fit => fit.Zone).ToDictionary();
        for (var at = 0; at < open.Count; at++)
        {
            var best = fitting[at].Where(fit => votes.ContainsKey(fit.Zone)).OrderByDescending(fit => fit.HasMore)
                .ThenByDescending(fit => votes[fit.Zone]).ThenBy(fit => fit.Zone).Select(fit => (int?)fit.Zone).FirstOrDefault();
            open[at] = best is { } zone ? In(open[at], zone) : Elsewhere(open[at]);
        }

        return [.. verdicts.Where(verdict => !verdict.IsOpen), .. open];
    }

    private IEnumerable<PoolVerdict> Nominal(SelectorUsage selected)
    {
        var dated = default(Figures);
        foreach (var (date, pool) in selected.Pools.ByDate)
        {
            var day = usage.Pools.DayInPeriod(date);
            var ledger = selected.Sum(day.Start, day.End);
            dated += ledger;
            yield return First(selected, pool, day, ledger);
        }

        if (selected.Pools.Whole is { } whole)
        {
            yield return First(
                selected, whole, new Interval(invoice.PeriodStart, invoice.PeriodEnd), selected.Sum(invoice.PeriodStart, invoice.PeriodEnd) - dated);
        }
    }

    private PoolVerdict First(SelectorUsage selected, LinePool pool, Interval period, Figures ledger)
    {
        var provider = pool.Lines.Aggregate(default(Figures), (sum, line) => sum + Of(invoice.Lines[line]));
        if (tolerance.IsWithin(provider, ledger, selected.IsCountable))
        {
            return new PoolVerdict(pool, selected, period, provider, ledger, LineStatus.Matched);
        }

        // The same billed twice: one of the lines has all that there is, the others have nothing.
        var alone = pool.Lines.Count > 1 && ledger.Records > 0
            ? pool.Lines.Where(line => tolerance.IsWithin(Of(invoice.Lines[line]), ledger, selected.IsCountable)).Select(line => (int?)line).FirstOrDefault()
            : null;
        return new PoolVerdict(pool, selected, period, provider, ledger, tolerance.Differing(provider, ledger, selected.IsCountable), alone);
    }

    /// <summary>
    /// The zones in which the ledger has what the lines say, and whether that has usage from outside the lines' own time. To leave some out is easy:
    /// a zone that only does that counts where other lines speak for it.
    /// </summary>
    private List<(int Zone, bool HasMore)> Fitting(PoolVerdict verdict)
    {
        var fits = new List<(int, bool)>();
        var isAlone = verdict.Pool.Date is not null || verdict.Usage.Pools.ByDate.Count == 0;
        for (var zone = 0; isAlone && zone < edges.Value.Zones.Count; zone++)
        {
            var there = edges.Value.In(zone, verdict.Pool.Date);
            if (there != verdict.Period && Fits(verdict, there))
            {
                fits.Add((zone, HasMore(verdict, there)));
            }
        }

        return fits;
    }

    private static bool HasMore(PoolVerdict verdict, Interval there)
    {
        var common = verdict.Usage.Sum(Instant.Max(there.Start, verdict.Period.Start), Instant.Min(there.End, verdict.Period.End));
        return verdict.Usage.Sum(there.Start, there.End).Records > common.Records;
    }

    private bool Fits(PoolVerdict verdict, Interval there) =>
        verdict.Usage.Sum(there.Start, there.End) is { Records: > 0 } sum && tolerance.IsWithin(verdict.Provider, sum, verdict.Usage.IsCountable);

    private PoolVerdict In(PoolVerdict verdict, int zone) =>
        At(verdict, edges.Value.In(zone, verdict.Pool.Date), edges.Value.Zones[zone].Id);

    /// <summary>What is of one resource is known again at any time; of all usage of a metric the same figures elsewhere would be chance.</summary>
    private PoolVerdict Elsewhere(PoolVerdict verdict)
    {
        if (verdict.Pool.Selector.ResourceId is null || verdict.Ledger.Records > 0)
        {
            return verdict;
        }

        var days = verdict.Usage.Entries.Select(entry => usage.Pools.DateOf(entry.At)).Distinct()
            .Where(date => !verdict.Usage.Pools.ByDate.ContainsKey(date))
            .Select(date => new Interval(date.StartIn(usage.Pools.Zone), date.PlusDays(1).StartIn(usage.Pools.Zone)));
        return days.Append(new Interval(invoice.PeriodStart - Beyond, invoice.PeriodEnd + Beyond)).Where(there => Fits(verdict, there))
            .Select(there => At(verdict, there, null)).FirstOrDefault() ?? verdict;
    }

    private PoolVerdict At(PoolVerdict verdict, Interval there, string? zone)
    {
        var sum = verdict.Usage.Sum(there.Start, there.End);
        var isCounted = verdict.Ledger.Records == 0 && verdict.Usage.TryTake(there.Start, there.End, at => IsFree(verdict.Usage.Pools, at));
        return verdict with
        {
            Status = LineStatus.PeriodDiffers,
            Ledger = isCounted ? sum : verdict.Ledger,
            Found = new FoundElsewhere(there.Start, there.End, zone, verdict.Usage.IsCountable ? sum.Quantity : null, sum.Cost, isCounted),
        };
    }

    private bool IsFree(SelectorPools pools, Instant at) => usage.Pools.IsInPeriod(at) && pools.Of(usage.Pools.DateOf(at)) is null;

    private static Figures Of(InvoiceLine line) => new(line.Quantity, line.Amount, 0, 0);
}
