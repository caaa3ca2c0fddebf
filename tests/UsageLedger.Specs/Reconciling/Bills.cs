using NodaTime;
using NodaTime.Text;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Specs.Reconciling;

/// <summary>Small invoices and small ledgers.</summary>
internal static class Bills
{
    public static ProviderInvoice Invoice(params InvoiceLine[] lines) => new(
        "retell", null, "INV-1", Instant.FromUtc(2026, 10, 1, 0, 0), Instant.FromUtc(2026, 11, 1, 0, 0), "UTC", "USD", null, lines);

    public static InvoiceLine Line(
        string id, decimal quantity, decimal amount, string metric = "call.llm", string? resource = null, string? date = null, string? unit = null) =>
        new(id, metric, resource, date is null ? null : LocalDatePattern.Iso.Parse(date).Value, unit, quantity, amount);

    public static LedgerRow Usage(
        string at, decimal quantity, decimal? cost, string metric = "call.llm", string? resource = null, string? native = null, string currency = "USD",
        string unit = "second") =>
        new(metric, unit, currency, resource, native, null, null, 1, At(at), new Figures(quantity, cost ?? 0, 1, cost is null ? 1 : 0));

    public static MatchedInvoice Against(this ProviderInvoice invoice, params IEnumerable<LedgerRow> rows) => invoice.Against(Tolerance.None, MatchingRule.Latest, rows);

    public static MatchedInvoice Against(this ProviderInvoice invoice, Tolerance tolerance, params IEnumerable<LedgerRow> rows) =>
        invoice.Against(tolerance, MatchingRule.Latest, rows);

    public static MatchedInvoice Against(this ProviderInvoice invoice, Tolerance tolerance, int rule, params IEnumerable<LedgerRow> rows)
    {
        var usage = new UsageByLine(invoice, rule);
        foreach (var row in rows)
        {
            usage.Add(row);
        }

        return InvoiceMatching.Match(invoice, tolerance, usage);
    }

    public static LineStatus Status(this MatchedInvoice matched) => matched.Lines.ShouldHaveSingleItem().Status;

    /// <summary>Without a date the quarter hour is of the fifth of October.</summary>
    private static Instant At(string at) => InstantPattern.ExtendedIso.Parse(at.Length > 6 ? at : $"2026-10-05T{at}:00Z").Value;
}
