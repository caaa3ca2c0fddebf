using NodaTime;
using NodaTime.Text;
using UsageLedger.Answering;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A report's lines as CSV (RFC 4180) that a spreadsheet can be given: no cell of it is a formula.</summary>
public static class ReportCsv
{
    private const string Header =
        "line,invoiceLine,metric,resourceId,date,unit,periodStart,periodEnd,status,ledgerQuantity,ledgerCost,ledgerRecords,ledgerPending,providerQuantity,"
        + "providerCost,difference,currency,foundStart,foundEnd,foundTimeZone,explanation,eventsUrl";

    public static async Task WriteAsync(TextWriter csv, ReconciliationMade made, IAsyncEnumerable<ReportLine> lines, CancellationToken ct)
    {
        await csv.WriteAsync(Header + "\r\n");
        await foreach (var line in lines.WithCancellation(ct))
        {
            await csv.WriteAsync(string.Join(',', Cells(made, line)) + "\r\n");
        }
    }

    private static string[] Cells(ReconciliationMade made, ReportLine line) =>
    [
        Count(line.Line), CsvCell.Text(line.InvoiceLine), CsvCell.Text(line.Metric), CsvCell.Text(line.ResourceId),
        CsvCell.Figure(line.Date is { } date ? LocalDatePattern.Iso.Format(date) : null), CsvCell.Text(line.Unit), At(line.Period.Start), At(line.Period.End),
        CsvCell.Figure(StatusWords.Of(line.Status)), Number(line.Ledger.Quantity), Number(line.Ledger.Cost), Count(line.Ledger.Records), Count(line.Ledger.Pending),
        Number(line.Provider.Quantity), Number(line.Provider.Cost), Number(line.Difference), CsvCell.Text(made.Currency), At(line.Found?.Start), At(line.Found?.End),
        CsvCell.Text(line.Found?.TimeZone), CsvCell.Text(line.Explanation), CsvCell.Text(ReportLineView.Of(made.ReconciliationId, line).EventsUrl),
    ];

    private static string At(Instant? at) => CsvCell.Figure(at is { } instant ? Rfc3339.Format(instant) : null);

    private static string Number(decimal? number) => CsvCell.Figure(number is { } known ? Numbers.Text(known) : null);

    private static string Count(long? count) => CsvCell.Figure(count is { } known ? Numbers.Text(known) : null);
}
