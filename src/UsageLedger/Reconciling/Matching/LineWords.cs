using UsageLedger.EventLog.Proof;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Says in a sentence what is wrong with a line, and what was tolerated.</summary>
internal static class LineWords
{
    public static ReportLine Explained(ProviderInvoice invoice, ReportLine line) => line.Explanation is null ? line with { Explanation = Words(invoice, line) } : line;

    private static string? Words(ProviderInvoice invoice, ReportLine line) => line.Status switch
    {
        LineStatus.Matched => Tolerated(invoice, line),
        LineStatus.MissingInLedger => "The ledger has no such usage at that time, nor just outside of it.",
        LineStatus.MissingAtProvider =>
            $"The ledger has {Count(line)} of {Numbers.Text(line.Ledger.Cost)} {invoice.Currency}{Pending(line)} that no line of the invoice names.",
        LineStatus.QuantityDiffers =>
            $"The vendor counts {Quantity(line.Provider, line)}, the ledger {Quantity(line.Ledger, line)} in {Count(line)}; {Amounts(invoice, line)}.",
        LineStatus.PriceDiffers =>
            $"Both count {Quantity(line.Provider, line)}; {Amounts(invoice, line)}{Pending(line)}.",
        _ => Elsewhere(invoice, line),
    };

    private static string? Tolerated(ProviderInvoice invoice, ReportLine line) =>
        line.Difference != 0 ? $"Within the tolerance: {Amounts(invoice, line)}."
        : line.Ledger.Quantity is { } held && held != line.Provider.Quantity
            ? $"Within the tolerance: the vendor counts {Quantity(line.Provider, line)}, the ledger {Quantity(line.Ledger, line)}."
        : null;

    private static string Elsewhere(ProviderInvoice invoice, ReportLine line)
    {
        var found = line.Found!;
        var there = $"from {Rfc3339.Format(found.Start)} to {Rfc3339.Format(found.End)}";
        var own = $"from {Rfc3339.Format(line.Period.Start)} to {Rfc3339.Format(line.Period.End)}";
        if (found.TimeZone is null)
        {
            return found.End - found.Start > line.Period.End - line.Period.Start && line.Date is null
                ? $"The ledger has this just outside of the invoice's period, which is {own}; no time zone alone makes up for it."
                : $"The ledger has this {there}, the invoice {own}; no time zone makes up for it.";
        }

        var offset = NodaTime.DateTimeZoneProviders.Tzdb[found.TimeZone].GetUtcOffset(found.Start);
        return $"The ledger has this {there}, which is the same {(line.Date is null ? "period" : "day")} in {found.TimeZone} (UTC{offset:+HH:mm}); "
            + $"in {invoice.TimeZone}, as the invoice says, it is {own}, where the ledger has {Numbers.Text(Nominal(line))} {invoice.Currency}.";
    }

    private static decimal Nominal(ReportLine line) => line.Found!.IsCounted ? 0 : line.Ledger.Cost;

    private static string Amounts(ProviderInvoice invoice, ReportLine line) =>
        $"the vendor charges {Numbers.Text(line.Provider.Cost)} {invoice.Currency}, the ledger holds {Numbers.Text(line.Ledger.Cost)}";

    private static string Quantity(ReportFigures figures, ReportLine line) =>
        $"{(figures.Quantity is { } quantity ? Numbers.Text(quantity) : "?")}{(line.Unit is null ? "" : " " + line.Unit)}";

    private static string Count(ReportLine line) => line.Ledger.Records == 1 ? "1 record" : $"{Numbers.Text(line.Ledger.Records ?? 0)} records";

    private static string Pending(ReportLine line) =>
        line.Ledger.Pending is > 0 and var pending ? $", {Numbers.Text(pending)} of them without a cost yet" : "";
}
