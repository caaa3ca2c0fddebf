using System.Globalization;
using System.Net;
using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Reconciling.Reports;

/// <summary>A report as a page to be read, printed and filed: one file, nothing fetched, no script.</summary>
public static class ReportPage
{
    private const int FlushEvery = 200;

    /// <summary>Widths are fixed, so that no long number or name squeezes the others: it is broken instead. A total in a foot would be printed on each sheet.</summary>
    private const string Style = """
        :root{color-scheme:light}*{box-sizing:border-box}
        body{font:14px/1.45 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;color:#1b1f24;margin:2rem auto;padding:0 1.5rem;max-width:84rem;overflow-wrap:anywhere}
        h1{font-size:1.5rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:1.75rem 0 .5rem;break-after:avoid}p{margin:.25rem 0}.quiet{color:#57606a}
        .top{display:flex;flex-wrap:wrap;gap:0 4rem}.text{white-space:pre-wrap}
        table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #d8dee4}
        th{font-weight:600;border-bottom:2px solid #8c959f;background:#fff}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums}
        table.facts{width:auto}table.facts th{border-bottom:1px solid #d8dee4}table.facts td.n{white-space:nowrap}.hash{font:12px ui-monospace,monospace}
        table.lines{table-layout:fixed;min-width:64rem}table.lines thead th{position:sticky;top:0;overflow-wrap:normal}table.lines th,table.lines td{padding:.3rem .4rem}
        .c1{width:4.5%}.c2{width:10%}.c3{width:14%}.c4{width:7.5%}.c5{width:19%}.c6{width:7.5%}.c7{width:10%}td.d{white-space:nowrap}
        .s{display:inline-block;padding:0 .45rem;border-radius:.6rem;border:1px solid #8c959f;white-space:nowrap}
        .matched{border-color:#2da44e;background:#dafbe1}.missing_in_ledger,.missing_at_provider{border-color:#cf222e;background:#ffebe9}
        .quantity_differs,.price_differs{border-color:#bf8700;background:#fff8c5}.period_differs{border-color:#0969da;background:#ddf4ff}
        .total td{font-weight:600;border-top:2px solid #8c959f}.why{color:#57606a;font-size:12.5px;margin-top:.15rem}
        .signed{border:1px solid #8c959f;border-radius:.3rem;padding:.5rem .8rem;break-inside:avoid}
        @media print{@page{size:A4 landscape;margin:12mm;@bottom-right{content:counter(page) " / " counter(pages);font-size:9px}}
        body{font-size:10px;margin:0;padding:0;max-width:none}h1{font-size:16px}h2{font-size:12px;margin-top:1rem}.hash{font-size:9px}
        table.lines{min-width:0}table.lines thead th{position:static}thead{display:table-header-group}tr{break-inside:avoid}.total{break-before:avoid}
        .s{border-radius:0;-webkit-print-color-adjust:exact;print-color-adjust:exact}.why{font-size:9px}}
        """;

    public static async Task WriteAsync(TextWriter page, StoredReport report, IAsyncEnumerable<ReportLine> lines, CancellationToken ct)
    {
        var made = report.Made;
        await page.WriteAsync($"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
            <title>Reconciliation of {Text(made.Number)}</title><style>{Style}</style></head><body>
            <h1>Reconciliation of invoice {Text(made.Number)}</h1>
            <p class="quiet">{Text(made.Provider)}{(made.SourceId is { } source ? ", source " + Text(source) : "")}, from {At(made.PeriodStart)} to {At(made.PeriodEnd)}, days of {Text(made.TimeZone)}, amounts in {Text(made.Currency)}</p>
            """);
        await page.WriteAsync($"<div class=\"top\"><section>{Totals(made)}</section><section>{Counts(made)}</section></div>{Findings(made)}{SignOff(report)}{Proof(report)}");
        await page.WriteAsync("""
            <h2>Lines</h2><table class="lines"><colgroup><col class="c1"><col class="c2"><col class="c3"><col class="c4"><col class="c5"><col class="c6"><col class="c6"><col class="c7"><col class="c7"><col class="c7"></colgroup><thead><tr><th class="n">#</th><th>Invoice line</th><th>Metric</th><th>Day</th><th>Status</th>
            <th class="n">Ledger quantity</th><th class="n">Vendor quantity</th><th class="n">Ledger cost</th><th class="n">Vendor cost</th><th class="n">Difference</th></tr></thead><tbody>
            """);
        var written = 0;
        await foreach (var line in lines.WithCancellation(ct))
        {
            await page.WriteAsync(Row(line));
            if (++written % FlushEvery == 0)
            {
                await page.FlushAsync(ct);
            }
        }

        await page.WriteAsync($"""
            </tbody><tbody class="total"><tr><td colspan="7">Total of all {made.LineCount.ToString(CultureInfo.InvariantCulture)} lines</td><td class="n">{Number(made.Totals.Ledger)}</td><td class="n">{Number(made.Totals.Provider)}</td><td class="n">{Number(made.Totals.Difference)}</td></tr></tbody></table></body></html>

            """);
    }

    private static string Totals(ReconciliationMade made) => $"""
        <h2>Totals</h2><table class="facts"><tr><th>The ledger holds</th><td class="n">{Number(made.Totals.Ledger)} {Text(made.Currency)}</td></tr>
        <tr><th>The vendor's lines come to</th><td class="n">{Number(made.Totals.Provider)} {Text(made.Currency)}</td></tr>
        <tr><th>Difference (vendor less ledger)</th><td class="n">{Number(made.Totals.Difference)} {Text(made.Currency)}</td></tr>
        {(made.Totals.Stated is { } stated ? $"<tr><th>The invoice states</th><td class=\"n\">{Number(stated)} {Text(made.Currency)}</td></tr>" : "")}
        <tr><th>Tolerance</th><td class="n">{Number(made.Tolerance.Absolute)} {Text(made.Currency)} or {Number(made.Tolerance.Percent)} %</td></tr></table>
        """;

    private static string Counts(ReconciliationMade made)
    {
        var counts = made.Counts;
        int[] all = [counts.Matched, counts.MissingInLedger, counts.MissingAtProvider, counts.QuantityDiffers, counts.PriceDiffers, counts.PeriodDiffers];
        var cells = all.Select((count, status) =>
            $"<tr><td><span class=\"s {StatusWords.All[status]}\">{StatusWords.Shown((LineStatus)status)}</span></td><td class=\"n\">{count.ToString(CultureInfo.InvariantCulture)}</td></tr>");
        return $"<h2>Lines by status</h2><table class=\"facts\">{string.Concat(cells)}</table>";
    }

    private static string Findings(ReconciliationMade made) => made.Findings.Count == 0 ? "" :
        $"<h2>Findings</h2><ul>{string.Concat(made.Findings.Select(finding => $"<li>{Text(finding.Message)}</li>"))}</ul>";

    private static string SignOff(StoredReport report) => SignOffView.Of(report) is { } signed
        ? $"<h2>Signed off</h2><div class=\"signed\"><p>{At(signed.At)} with the key {Text(signed.KeyName)} ({signed.KeyId:D})</p>{(signed.Note is { } note ? $"<p class=\"text\">{Text(note)}</p>" : "")}</div>"
        : "<h2>Signed off</h2><p>Not yet.</p>";

    private static string Proof(StoredReport report) => $"""
        <h2>Made</h2><p>{At(report.MadeEvent.RecordedAt)}, over the log up to position {report.Made.Position.ToString(CultureInfo.InvariantCulture)}, by rule {report.Made.MatchedBy.ToString(CultureInfo.InvariantCulture)}</p>
        <p class="hash">reconciliation {report.Made.ReconciliationId:D}<br>tree head {Text(report.Made.RootHash)}<br>report {Text(report.Made.ReportHash)}</p>
        """;

    private static string Row(ReportLine line) => $"""
        <tr><td class="n">{line.Line.ToString(CultureInfo.InvariantCulture)}</td><td>{Text(line.InvoiceLine ?? "none")}</td>
        <td>{Text(line.Metric)}{(line.ResourceId is { } resource ? "<br>" + Text(resource) : "")}</td><td class="d">{(line.Date is { } date ? LocalDatePattern.Iso.Format(date) : "")}</td>
        <td><span class="s {StatusWords.Of(line.Status)}">{StatusWords.Shown(line.Status)}</span>{(line.Explanation is { } why ? $"<div class=\"why\">{Text(why)}</div>" : "")}</td>
        <td class="n">{Number(line.Ledger.Quantity)}</td><td class="n">{Number(line.Provider.Quantity)}</td><td class="n">{Number(line.Ledger.Cost)}</td>
        <td class="n">{Number(line.Provider.Cost)}</td><td class="n">{Number(line.Difference)}</td></tr>

        """;

    private static string Text(string text) => WebUtility.HtmlEncode(text);

    private static string Number(decimal? number) => number is { } known ? Numbers.Text(known) : "";

    private static string At(Instant at) => Text(InstantPattern.General.Format(at));
}
