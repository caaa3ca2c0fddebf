using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>What holding an invoice against the ledger comes to.</summary>
public sealed record MatchedInvoice(IReadOnlyList<ReportLine> Lines, StatusCounts Counts, ReportTotals Totals, IReadOnlyList<ReportFinding> Findings);

/// <summary>Holds an invoice against the ledger's usage, line by line; the same invoice and usage come to the same, whatever order the usage came in.</summary>
public static class InvoiceMatching
{
    /// <param name="usage">Of the invoice's period and what lies just outside it; nothing is added any more.</param>
    /// <exception cref="OverflowException">A sum needs more digits than there are.</exception>
    public static MatchedInvoice Match(ProviderInvoice invoice, Tolerance tolerance, UsageByLine usage)
    {
        usage.Close();
        var verdicts = new PoolJudge(invoice, tolerance, usage).Judge();
        var ofLine = new PoolVerdict[invoice.Lines.Count];
        foreach (var verdict in verdicts)
        {
            verdict.Pool.Lines.ForEach(line => ofLine[line] = verdict);
        }

        var lines = new List<ReportLine>(invoice.Lines.Count);
        for (var at = 0; at < ofLine.Length; at++)
        {
            lines.Add(LineWords.Explained(invoice, LineOf(invoice, ofLine[at], at)));
        }

        var unclaimed = UnclaimedUsage.Of(usage).ToList();
        lines.AddRange(unclaimed.Where(left => left.IsCharged)
            .Select((left, index) => LineWords.Explained(invoice, left.ToLine(invoice.Lines.Count + index + 1))));
        return new MatchedInvoice(lines, Counted(lines), Totals(invoice, lines), InvoiceFindings.Of(invoice, lines, usage, unclaimed));
    }

    private static ReportLine LineOf(ProviderInvoice invoice, PoolVerdict verdict, int at)
    {
        var line = invoice.Lines[at];
        var (ledger, status) = Share(invoice, verdict, at);
        return new ReportLine(
            at + 1, line.Id, line.Metric, line.ResourceId, line.Date, line.Unit ?? verdict.Usage.CommonUnit, new ReportPeriod(verdict.Period.Start, verdict.Period.End), status,
            ledger, new ReportFigures(line.Quantity, line.Amount), Numbers.Sum(line.Amount, -ledger.Cost),
            verdict.Alone is { } alone && alone != at ? $"The line {invoice.Lines[alone].Id} says the same and has all that the ledger has of it." : null,
            status is LineStatus.PeriodDiffers ? verdict.Found : null, null,
            verdict.Pool.Lines.Count > 1 && verdict.Alone is null ? verdict.Pool.Lines[0] + 1 : null);
    }

    /// <summary>Of lines that share their usage the first bears what they are off together, the others are as they say.</summary>
    private static (ReportFigures Ledger, LineStatus Status) Share(ProviderInvoice invoice, PoolVerdict verdict, int at)
    {
        var (pool, ledger) = (verdict.Pool.Lines, verdict.Ledger);
        if (verdict.Alone is { } alone && alone != at)
        {
            return (new ReportFigures(0, 0, 0, 0), LineStatus.MissingInLedger);
        }

        if (verdict.Alone is not null || pool.Count == 1)
        {
            return (Report(verdict, ledger.Quantity, ledger.Cost), verdict.Alone is null ? verdict.Status : LineStatus.Matched);
        }

        var line = invoice.Lines[at];
        return at != pool[0]
            ? (new ReportFigures(line.Quantity, line.Amount), verdict.Status)
            : (Report(
                verdict, Numbers.Sum(ledger.Quantity, -Numbers.Sum(verdict.Provider.Quantity, -line.Quantity)),
                Numbers.Sum(ledger.Cost, -Numbers.Sum(verdict.Provider.Cost, -line.Amount))), verdict.Status);
    }

    private static ReportFigures Report(PoolVerdict verdict, decimal quantity, decimal cost) =>
        new(verdict.Usage.IsCountable ? quantity : null, cost, verdict.Ledger.Records, verdict.Ledger.Pending);

    private static StatusCounts Counted(List<ReportLine> lines)
    {
        var counts = lines.CountBy(line => line.Status).ToDictionary();
        return new StatusCounts(
            counts.GetValueOrDefault(LineStatus.Matched), counts.GetValueOrDefault(LineStatus.MissingInLedger),
            counts.GetValueOrDefault(LineStatus.MissingAtProvider), counts.GetValueOrDefault(LineStatus.QuantityDiffers),
            counts.GetValueOrDefault(LineStatus.PriceDiffers), counts.GetValueOrDefault(LineStatus.PeriodDiffers));
    }

    private static ReportTotals Totals(ProviderInvoice invoice, List<ReportLine> lines)
    {
        var provider = lines.Aggregate(0m, (sum, line) => Numbers.Sum(sum, line.Provider.Cost));
        return new ReportTotals(
            lines.Aggregate(0m, (sum, line) => Numbers.Sum(sum, line.Ledger.Cost)), provider,
            lines.Aggregate(0m, (sum, line) => Numbers.Sum(sum, line.Difference)), invoice.Total,
            invoice.Total is { } total ? Numbers.Sum(total, -provider) : null);
    }
}
