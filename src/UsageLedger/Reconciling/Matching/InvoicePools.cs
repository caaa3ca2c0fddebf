using NodaTime;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Which line of an invoice claims which usage: known from the invoice alone, each usage claimed once, by the narrowest line.</summary>
internal sealed class InvoicePools
{
    private readonly Dictionary<LineSelector, SelectorPools> selectors = [];
    private readonly Dictionary<(string Metric, string? Billed), IReadOnlyList<string>> words = [];
    private readonly int rule;

    /// <param name="rule">Of <see cref="MatchingRule"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">This release knows no such rule.</exception>
    public InvoicePools(ProviderInvoice invoice, int rule)
    {
        if (!MatchingRule.IsKnown(rule))
        {
            throw new ArgumentOutOfRangeException(nameof(rule), rule, "This release knows no such rule.");
        }

        (Invoice, Zone, this.rule) = (invoice, invoice.Zone, rule);
        for (var at = 0; at < invoice.Lines.Count; at++)
        {
            var line = invoice.Lines[at];
            var selector = new LineSelector(line.Metric, line.ResourceId);
            if (!selectors.TryGetValue(selector, out var pools))
            {
                selectors[selector] = pools = new SelectorPools(selector);
            }

            pools.Take(at, line);
            NamesResources |= line.ResourceId is not null;
            NamesDates |= line.Date is not null;
        }
    }

    public ProviderInvoice Invoice { get; }

    public DateTimeZone Zone { get; }

    public bool NamesResources { get; }

    public bool NamesDates { get; }

    public IEnumerable<SelectorPools> Selectors => selectors.Values;

    public SelectorPools? Of(LedgerRow row, out bool byNativeId)
    {
        if (!words.TryGetValue((row.Metric, row.BilledMetric), out var metrics))
        {
            words[(row.Metric, row.BilledMetric)] = metrics = LineSelector.WordsFor(row.Metric, row.BilledMetric);
        }

        byNativeId = false;
        if (NamesResources)
        {
            if (row.NativeId is not null && Of(metrics, row.NativeId) is { } native)
            {
                byNativeId = true;
                return native;
            }

            if (row.ResourceId is not null && Of(metrics, row.ResourceId) is { } resource)
            {
                return resource;
            }
        }

        return Of(metrics, null);
    }

    /// <param name="byNativeId">Whether a line names the record.</param>
    public bool IsOfNoLine(LedgerRow row, bool byNativeId) => row.FailedFree && !byNativeId && rule >= MatchingRule.FailedFree;

    public SelectorPools Of(LineSelector selector) => selectors[selector];

    public LocalDate DateOf(Instant at) => at.InZone(Zone).Date;

    /// <summary>As far as it is within the period.</summary>
    public Interval DayInPeriod(LocalDate date)
    {
        var start = Instant.Max(date.StartIn(Zone), Invoice.PeriodStart);
        return new Interval(start, Instant.Max(start, Instant.Min(date.PlusDays(1).StartIn(Zone), Invoice.PeriodEnd)));
    }

    public bool IsInPeriod(Instant at) => at >= Invoice.PeriodStart && at < Invoice.PeriodEnd;

    private SelectorPools? Of(IReadOnlyList<string> metrics, string? resource)
    {
        foreach (var metric in metrics)
        {
            if (selectors.TryGetValue(new LineSelector(metric, resource), out var pools))
            {
                return pools;
            }
        }

        return null;
    }
}

/// <summary>The lines of one metric and resource: of days, and of the period's other days.</summary>
internal sealed class SelectorPools(LineSelector selector)
{
    private readonly SortedDictionary<LocalDate, LinePool> byDate = [];

    public LineSelector Selector { get; } = selector;

    /// <summary>What the lines count; null: what the ledger counts.</summary>
    public string? Unit { get; private set; }

    public IReadOnlyDictionary<LocalDate, LinePool> ByDate => byDate;

    public LinePool? Whole { get; private set; }

    public LinePool? Of(LocalDate date) => byDate.GetValueOrDefault(date) ?? Whole;

    public void Take(int at, InvoiceLine line)
    {
        Unit ??= line.Unit;
        if (line.Date is not { } date)
        {
            (Whole ??= new LinePool(Selector, null, [])).Lines.Add(at);
            return;
        }

        if (!byDate.TryGetValue(date, out var pool))
        {
            byDate[date] = pool = new LinePool(Selector, date, []);
        }

        pool.Lines.Add(at);
    }
}
