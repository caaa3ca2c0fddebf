using NodaTime;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A reconciliation as it is answered.</summary>
/// <param name="Rule">By which usage was counted for the lines; those of before stay as they were made.</param>
/// <param name="MoreLines">How many follow that are not in this answer.</param>
/// <param name="Lines">Read while they are written, however many there are.</param>
public sealed record ReportView(
    Guid Id, Guid InvoiceId, string InvoiceNumber, int InvoiceRevision, string Provider, string? SourceId, ReportSpan Period, string Currency,
    Tolerance Tolerance, int Rule, long Position, long TreeSize, string RootHash, string ReportHash, Instant MadeAt, StatusCounts Counts, ReportTotals Totals,
    IReadOnlyList<ReportFinding> Findings, SignOffView? SignOff, int MoreLines, IAsyncEnumerable<ReportLineView> Lines)
{
    public static ReportView Of(StoredReport report, IAsyncEnumerable<ReportLine> lines, int moreLines = 0)
    {
        var made = report.Made;
        return new ReportView(
            made.ReconciliationId, made.InvoiceId, made.Number, made.InvoiceRevision, made.Provider, made.SourceId,
            new ReportSpan(made.PeriodStart, made.PeriodEnd, made.TimeZone), made.Currency, made.Tolerance, made.MatchedBy, made.Position, made.TreeSize, made.RootHash,
            made.ReportHash, report.MadeEvent.RecordedAt, made.Counts, made.Totals, made.Findings, SignOffView.Of(report), moreLines,
            lines.Select(line => ReportLineView.Of(made.ReconciliationId, line)));
    }
}

/// <summary>Half-open.</summary>
public sealed record ReportSpan(Instant Start, Instant End, string TimeZone);

/// <summary>Who answers for a report.</summary>
public sealed record SignOffView(string? Note, Guid KeyId, string KeyName, Instant At)
{
    public static SignOffView? Of(StoredReport report) => report is { SignedOff: { } signed, SignedOffEvent: { } stored }
        ? new SignOffView(signed.Note, signed.KeyId, signed.KeyName, stored.RecordedAt)
        : null;
}

/// <summary>What the ledger holds of a line.</summary>
public sealed record LedgerView(decimal? Quantity, decimal Cost, long? Records, long? Pending);

/// <summary>What the vendor says of a line.</summary>
public sealed record ProviderSideView(decimal? Quantity, decimal Cost);

/// <param name="EventsUrl">Lists the events behind the ledger's figures.</param>
public sealed record ReportLineView(
    int Line, string? InvoiceLine, string Metric, string? ResourceId, LocalDate? Date, string? Unit, ReportPeriod Period, LineStatus Status,
    LedgerView Ledger, ProviderSideView Provider, decimal Difference, string? Explanation, FoundElsewhere? Found, int? Shared, string EventsUrl)
{
    public static ReportLineView Of(Guid reconciliation, ReportLine line) => new(
        line.Line, line.InvoiceLine, line.Metric, line.ResourceId, line.Date, line.Unit, line.Period, line.Status,
        new LedgerView(line.Ledger.Quantity, line.Ledger.Cost, line.Ledger.Records, line.Ledger.Pending),
        new ProviderSideView(line.Provider.Quantity, line.Provider.Cost), line.Difference, line.Explanation, line.Found, line.Shared,
        $"/v1/reconciliations/{reconciliation:D}/lines/{Numbers.Text(line.Line)}/events");
}
