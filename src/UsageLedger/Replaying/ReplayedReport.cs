using NodaTime.Text;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>Compares a report, as it was made, with what the log comes to when it is read again.</summary>
internal static class ReplayedReport
{
    private static readonly string[] Names = ["ledger's quantity", "ledger's cost", "ledger's records", "ledger's pending costs", "status"];
    private static readonly string?[] Nothing = [null, null, null, null, null];

    /// <param name="told">The report's lines.</param>
    public static IEnumerable<AuditDifference> Compare(ReconciliationMade made, IEnumerable<ReportLine> told, MatchedInvoice replayed)
    {
        var before = new Dictionary<string, ReportLine>(StringComparer.Ordinal);
        foreach (var line in told)
        {
            before.TryAdd(NameOf(line), line);
        }

        foreach (var line in replayed.Lines)
        {
            var name = NameOf(line);
            before.Remove(name, out var known);
            foreach (var difference in Differences(made, name, FiguresOf(line), known is null ? Nothing : FiguresOf(known)))
            {
                yield return difference;
            }
        }

        foreach (var (name, line) in before)
        {
            foreach (var difference in Differences(made, name, Nothing, FiguresOf(line)))
            {
                yield return difference;
            }
        }

        if (replayed.Totals.Ledger != made.Totals.Ledger)
        {
            yield return Difference(made, "ledger's cost in total", ExactDecimal.ToText(replayed.Totals.Ledger), ExactDecimal.ToText(made.Totals.Ledger));
        }
    }

    private static IEnumerable<AuditDifference> Differences(ReconciliationMade made, string line, string?[] log, string?[] found)
    {
        for (var at = 0; at < Names.Length; at++)
        {
            if (log[at] != found[at])
            {
                yield return Difference(made, $"{Names[at]} of {line}", log[at], found[at]);
            }
        }
    }

    private static AuditDifference Difference(ReconciliationMade made, string what, string? log, string? found) =>
        new(AuditDifference.ReconciliationDiffers, $"{what} of invoice {made.Number}", log, found);

    private static string?[] FiguresOf(ReportLine line) =>
    [
        line.Ledger.Quantity is { } quantity ? ExactDecimal.ToText(quantity) : null, ExactDecimal.ToText(line.Ledger.Cost), ShownLine.Text(line.Ledger.Records ?? 0),
        ShownLine.Text(line.Ledger.Pending ?? 0), StatusWords.Of(line.Status),
    ];

    /// <summary>Of a line of the invoice its id, which it has alone; of usage that no line names, all that such usage is told apart by.</summary>
    private static string NameOf(ReportLine line) => line.InvoiceLine is { } id
        ? $"line {id}"
        : $"usage without a line, {line.Metric} {line.ResourceId} {line.ResourceIs} {(line.Date is { } date ? LocalDatePattern.Iso.Format(date) : "")} {line.Unit}";
}
