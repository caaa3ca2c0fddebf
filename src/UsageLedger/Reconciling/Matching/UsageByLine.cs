using NodaTime;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Usage that no line of the invoice names, as its lines would name it.</summary>
/// <param name="NativeId">The vendor's id of the record; null: lines name resources, or neither.</param>
/// <param name="Date">Null: the invoice's lines name no days.</param>
internal readonly record struct UnclaimedKey(string Metric, string? NativeId, string? ResourceId, LocalDate? Date, string Unit)
{
    /// <summary>By the one of the two names that the lines go by, as far as it has that.</summary>
    public UnclaimedKey Narrowed(bool byNativeId) =>
        byNativeId && NativeId is not null ? this with { ResourceId = null }
        : !byNativeId && ResourceId is not null ? this with { NativeId = null }
        : this;
}

/// <summary>Takes the ledger's usage row by row, in any order, and keeps of it what the lines of an invoice are held against.</summary>
/// <remarks>Bounded by the lines and the quarter hours of the period, not by the usage: of unclaimed usage that is too varied only days are kept.</remarks>
public sealed class UsageByLine
{
    private const int UnclaimedMax = ProviderInvoice.LinesMax;

    private readonly Dictionary<LineSelector, SelectorUsage> usage = [];
    private readonly SortedDictionary<string, Figures> others = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> uncounted = new(StringComparer.Ordinal);
    private Dictionary<UnclaimedKey, Figures> unclaimed = [];
    private bool isCoarse;
    private long byNativeId;
    private long byResource;

    /// <param name="rule">Of <see cref="MatchingRule"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">This release knows no such rule.</exception>
    public UsageByLine(ProviderInvoice invoice, int rule)
    {
        Pools = new InvoicePools(invoice, rule);
        foreach (var pools in Pools.Selectors)
        {
            usage[pools.Selector] = new SelectorUsage(pools);
        }
    }

    /// <summary>Whether rows need to tell their vendor's ids and resources.</summary>
    public bool WantsResources => Pools.NamesResources;

    internal InvoicePools Pools { get; }

    internal IEnumerable<SelectorUsage> Claimed => usage.Values;

    /// <summary>Within the period, by what the lines would name it by.</summary>
    internal IReadOnlyDictionary<UnclaimedKey, Figures> Unclaimed => unclaimed;

    /// <summary>Usage of the period in other currencies than the invoice's, which is never held against it.</summary>
    internal IReadOnlyDictionary<string, Figures> OtherCurrencies => others;

    /// <summary>Records of the period, by metric, that are of no line as none names them by id.</summary>
    internal IReadOnlyDictionary<string, long> Uncounted => uncounted;

    /// <summary>All usage of the period in the invoice's currency.</summary>
    internal Figures InPeriod { get; private set; }

    public void Add(LedgerRow row)
    {
        var isInPeriod = Pools.IsInPeriod(row.Quarter);
        if (row.Currency != Pools.Invoice.Currency)
        {
            if (isInPeriod)
            {
                others[row.Currency] = others.GetValueOrDefault(row.Currency) + row.Figures;
            }

            return;
        }

        InPeriod += isInPeriod ? row.Figures with { Quantity = 0 } : default;
        var claimed = Pools.Of(row, out var native);
        if (Pools.IsOfNoLine(row, native))
        {
            uncounted[row.Metric] = uncounted.GetValueOrDefault(row.Metric) + (isInPeriod ? row.Figures.Records : 0);
        }
        else if (claimed is { } pools)
        {
            // Of records, which stay the same however rows were put together.
            byNativeId += native ? row.Figures.Records : 0;
            byResource += !native && pools.Selector.ResourceId is not null ? row.Figures.Records : 0;
            usage[pools.Selector].Add(row);
        }
        else if (isInPeriod)
        {
            Leave(KeyOf(row), row.Figures);
        }
    }

    internal void Close()
    {
        foreach (var one in usage.Values)
        {
            one.Close(Pools.IsInPeriod);
        }

        unclaimed = Merged(key => key.Narrowed(byNativeId >= byResource));
    }

    /// <summary>What a row is when no line claims it.</summary>
    internal UnclaimedKey KeyOf(LedgerRow row) => new(
        row.Metric, WantsResources && !isCoarse ? row.NativeId : null, WantsResources && !isCoarse ? row.ResourceId : null,
        Pools.NamesDates ? Pools.DateOf(row.Quarter) : null, row.Unit);

    private void Leave(UnclaimedKey key, Figures figures)
    {
        unclaimed[key] = unclaimed.GetValueOrDefault(key) + figures;
        if (unclaimed.Count > UnclaimedMax && !isCoarse)
        {
            isCoarse = true;
            unclaimed = Merged(fine => fine with { NativeId = null, ResourceId = null });
        }
    }

    private Dictionary<UnclaimedKey, Figures> Merged(Func<UnclaimedKey, UnclaimedKey> into)
    {
        var merged = new Dictionary<UnclaimedKey, Figures>();
        foreach (var (key, figures) in unclaimed)
        {
            merged[into(key)] = merged.GetValueOrDefault(into(key)) + figures;
        }

        return merged;
    }
}
