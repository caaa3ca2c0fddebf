using Spectre.Console;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;

namespace UsageLedger.Host.Verbs;

/// <summary>A reconciliation as a person reads it: what differs, and the totals.</summary>
internal static class ReconciliationTable
{
    private const int LinesMax = 200;

    public static async Task PrintAsync(ReconciliationMade made, IAsyncEnumerable<ReportLine> lines)
    {
        Output.Console.MarkupLineInterpolated(
            $"Invoice [bold]{made.Number}[/] of {made.Provider}, {made.PeriodStart} to {made.PeriodEnd}, against the ledger at position {made.Position}");
        var shown = 0;
        await foreach (var line in lines.Where(line => line.Status != LineStatus.Matched).Take(LinesMax))
        {
            Output.Console.MarkupLineInterpolated(
                $"  [bold]{StatusWords.Shown(line.Status)}[/] {line.InvoiceLine ?? "no line"}: {line.Metric}{(line.ResourceId is null ? "" : " " + line.ResourceId)}{(line.Date is { } date ? " " + date.ToString("uuuu-MM-dd", null) : "")}, {ExactDecimal.ToText(line.Difference)} {made.Currency}");
            Output.Console.MarkupLineInterpolated($"    {line.Explanation}");
            shown++;
        }

        var counts = made.Counts;
        var differing = made.LineCount - counts.Matched;
        if (differing > shown)
        {
            Output.Console.MarkupLineInterpolated($"  and {differing - shown} more: GET /v1/reconciliations/{made.ReconciliationId:D} has all");
        }

        foreach (var finding in made.Findings)
        {
            Output.Console.MarkupLineInterpolated($"  {finding.Message}");
        }

        Output.Console.MarkupLineInterpolated($"{counts.Matched} of {made.LineCount} lines match; reconciliation {made.ReconciliationId:D}");
        Output.Console.MarkupLineInterpolated(
            $"ledger [bold]{ExactDecimal.ToText(made.Totals.Ledger)} {made.Currency}[/], vendor [bold]{ExactDecimal.ToText(made.Totals.Provider)} {made.Currency}[/], difference {ExactDecimal.ToText(made.Totals.Difference)}");
    }
}
