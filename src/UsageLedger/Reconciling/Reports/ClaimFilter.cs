using NodaTime;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Reconciling.Reports;

/// <summary>Which usage a line of a report was held against: decided as it was when the report was made.</summary>
/// <param name="From">Where the usage of the line begins; of lines found at another time, there.</param>
/// <param name="Taken">Times whose usage was given to other lines.</param>
internal sealed record ClaimFilter(InvoicePools Pools, ReportLine Line, Instant From, Instant To, IReadOnlyList<FoundElsewhere> Taken)
{
    public static ClaimFilter Of(ProviderInvoice invoice, int rule, ReportLine line, IReadOnlyList<FoundElsewhere> taken) =>
        line.Found is { IsCounted: true } found
            ? new ClaimFilter(new InvoicePools(invoice, rule), line, found.Start, found.End, taken)
            : new ClaimFilter(new InvoicePools(invoice, rule), line, line.Period.Start, line.Period.End, taken);

    /// <summary>What the row adds to the line's quantity; null: it is of another line.</summary>
    public decimal? QuantityOf(LedgerRow row)
    {
        if (row.Currency != Pools.Invoice.Currency || IsElsewhere(row.Quarter))
        {
            return null;
        }

        var pools = Pools.Of(row, out var byNativeId);
        return Pools.IsOfNoLine(row, byNativeId) ? null
            : pools is null ? (IsUnclaimed(row) ? row.Figures.Quantity : null)
            : pools.Selector == new LineSelector(Line.Metric, Line.ResourceId) && Line.ResourceIs is null && IsOfDate(pools, row)
                ? SelectorUsage.QuantityOf(pools, row).Quantity
            : null;
    }

    private bool IsElsewhere(Instant at) => Taken.Any(found => at >= found.Start && at < found.End);

    /// <summary>Of lines found at another time the whole of that is theirs; of those without a date what no line with a date claims.</summary>
    private bool IsOfDate(SelectorPools pools, LedgerRow row) =>
        Line.Found is { IsCounted: true } || Line.Date is not null || !pools.ByDate.ContainsKey(Pools.DateOf(row.Quarter));

    private bool IsUnclaimed(LedgerRow row) => Line.InvoiceLine is null && row.Metric == Line.Metric && row.Unit == Line.Unit
        && (Line.ResourceIs switch { "record" => row.NativeId == Line.ResourceId, "resource" => row.ResourceId == Line.ResourceId, _ => true });
}
