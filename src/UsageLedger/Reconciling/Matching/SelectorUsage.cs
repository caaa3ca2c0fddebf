using NodaTime;

namespace UsageLedger.Reconciling.Matching;

/// <summary>What the ledger holds for the lines of one metric and resource, by quarter hour, to be summed over any time.</summary>
internal sealed class SelectorUsage(SelectorPools pools)
{
    private readonly List<(Instant At, string Unit, Figures Figures)> entries = [];
    private string[] units = [];
    private Figures[] before = [];
    private bool[]? taken;

    public SelectorPools Pools { get; } = pools;

    /// <summary>Whether a sum of quantities says anything.</summary>
    public bool IsCountable => Pools.Unit is not null || units.Length < 2;

    /// <summary>What is counted; null: nothing, or different things.</summary>
    public string? CommonUnit => Pools.Unit ?? (units is [var one] ? one : null);

    public IReadOnlyList<(Instant At, string Unit, Figures Figures)> Entries => entries;

    public void Add(LedgerRow row)
    {
        var (quantity, unit) = QuantityOf(Pools, row);

        // Of the very many lines that name a record each, most have one entry.
        entries.Capacity = Math.Max(entries.Capacity, 1);
        entries.Add((row.Quarter, unit, row.Figures with { Quantity = quantity }));
    }

    /// <summary>Puts the entries in order, each quarter hour once. Nothing is added from then on.</summary>
    public void Close(Func<Instant, bool> isInPeriod)
    {
        units = Units(isInPeriod);
        entries.Sort((left, right) => left.At.CompareTo(right.At));
        var kept = 0;
        for (var at = 0; at < entries.Count; at++)
        {
            if (kept > 0 && entries[kept - 1].At == entries[at].At)
            {
                entries[kept - 1] = (entries[at].At, entries[kept - 1].Unit, entries[kept - 1].Figures + entries[at].Figures);
            }
            else
            {
                entries[kept++] = entries[at];
            }
        }

        entries.RemoveRange(kept, entries.Count - kept);
        before = new Figures[entries.Count + 1];
        for (var at = 0; at < entries.Count; at++)
        {
            before[at + 1] = before[at] + entries[at].Figures;
        }
    }

    /// <summary>Of [start, end), ends on quarter hours.</summary>
    public Figures Sum(Instant start, Instant end) => start >= end ? default : before[Place(end)] - before[Place(start)];

    /// <summary>Gives the usage of [start, end) to a line of another time, if every bit of it is free; whether it was.</summary>
    public bool TryTake(Instant start, Instant end, Func<Instant, bool> isFree)
    {
        var (first, last) = (Place(start), Place(end));
        for (var at = first; at < last; at++)
        {
            if (taken?[at] == true || !isFree(entries[at].At))
            {
                return false;
            }
        }

        taken ??= new bool[entries.Count];
        taken.AsSpan(first, last - first).Fill(true);
        return first < last;
    }

    public bool IsTaken(int entry) => taken?[entry] == true;

    /// <summary>
    /// Those of the records that the period is left with, in which a revision may have changed the unit; where it has none, of what lies around it.
    /// Rows are not judged one by one: they may come in parts.
    /// </summary>
    private string[] Units(Func<Instant, bool> isInPeriod) =>
        Kept(entries.Where(entry => isInPeriod(entry.At))) is { Length: > 0 } within ? within : Kept(entries);

    private static string[] Kept(IEnumerable<(Instant At, string Unit, Figures Figures)> rows) =>
        [.. rows.GroupBy(row => row.Unit, row => row.Figures.Records, StringComparer.Ordinal).Where(unit => unit.Sum() != 0).Select(unit => unit.Key)];

    private int Place(Instant at)
    {
        var (low, high) = (0, entries.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            (low, high) = entries[middle].At < at ? (middle + 1, high) : (low, middle);
        }

        return low;
    }

    /// <summary>What a row counts for the lines, and in what.</summary>
    public static (decimal Quantity, string Unit) QuantityOf(SelectorPools pools, LedgerRow row) => pools.Unit switch
    {
        null => row.BilledMetric is not null && row.BilledMetric == pools.Selector.Metric && row.BilledUnit is not null
            ? (row.BilledQuantity, row.BilledUnit)
            : (row.Figures.Quantity, row.Unit),
        { } unit when unit == row.Unit => (row.Figures.Quantity, unit),
        { } unit when unit == row.BilledUnit => (row.BilledQuantity, unit),
        { } unit => (0, unit),
    };
}
