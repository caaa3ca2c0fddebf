using System.Text;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

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
            await csv.WriteAsync(string.Join(',', Cells(made, line).Select(Cell)) + "\r\n");
        }
    }

    /// <summary>A cell that a spreadsheet shows as it stands: text that it would take for a formula has an apostrophe before it; numbers stay numbers.</summary>
    public static string Cell(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var shown = text[0] is '=' or '+' or '-' or '@' or '\t' or '\r' && !IsNumber(text) ? "'" + text : text;
        return shown.AsSpan().ContainsAny(",\"\r\n") || shown[0] == ' ' || shown[^1] == ' ' ? $"\"{shown.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : shown;
    }

    private static bool IsNumber(string text) => ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out _) == DecimalReading.Exact;

    private static string?[] Cells(ReconciliationMade made, ReportLine line) =>
    [
        Numbers.Text(line.Line), line.InvoiceLine, line.Metric, line.ResourceId, line.Date is { } date ? LocalDatePattern.Iso.Format(date) : null, line.Unit,
        At(line.Period.Start), At(line.Period.End), StatusWords.Of(line.Status), Number(line.Ledger.Quantity), Number(line.Ledger.Cost), Count(line.Ledger.Records),
        Count(line.Ledger.Pending), Number(line.Provider.Quantity), Number(line.Provider.Cost), Number(line.Difference), made.Currency, At(line.Found?.Start),
        At(line.Found?.End), line.Found?.TimeZone, line.Explanation, ReportLineView.Of(made.ReconciliationId, line).EventsUrl,
    ];

    private static string? At(Instant? at) => at is { } instant ? Rfc3339.Format(instant) : null;

    private static string? Number(decimal? number) => number is { } known ? Numbers.Text(known) : null;

    private static string? Count(long? count) => count is { } known ? Numbers.Text(known) : null;
}
