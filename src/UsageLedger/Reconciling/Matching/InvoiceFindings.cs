using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>What is to be said of an invoice whole.</summary>
internal static class InvoiceFindings
{
    public const string StatedTotal = "stated_total_differs";
    public const string OtherCurrency = "other_currency";
    public const string Pending = "pending_costs";
    public const string NotCharged = "not_charged";
    public const string Tolerated = "tolerated";
    public const string OtherTimeZone = "other_time_zone";

    public static IReadOnlyList<ReportFinding> Of(
        ProviderInvoice invoice, IReadOnlyList<ReportLine> lines, UsageByLine usage, IReadOnlyList<UnclaimedUsage> unclaimed) =>
    [
        .. Stated(invoice), .. Zones(invoice, lines), .. Within(invoice, lines), .. Open(usage), .. Others(invoice, usage), .. Free(usage, unclaimed),
    ];

    private static IEnumerable<ReportFinding> Stated(ProviderInvoice invoice)
    {
        var sum = invoice.Lines.Aggregate(0m, (total, line) => Numbers.Sum(total, line.Amount));
        if (invoice.Total is { } stated && stated != sum)
        {
            yield return new ReportFinding(
                StatedTotal, $"The invoice states {Numbers.Text(stated)} {invoice.Currency}, but its lines come to {Numbers.Text(sum)}.", Numbers.Sum(stated, -sum));
        }
    }

    private static IEnumerable<ReportFinding> Zones(ProviderInvoice invoice, IReadOnlyList<ReportLine> lines) => lines
        .Where(line => line.Found?.TimeZone is not null).CountBy(line => line.Found!.TimeZone!)
        .OrderByDescending(zone => zone.Value).ThenBy(zone => zone.Key, StringComparer.Ordinal)
        .Select(zone => new ReportFinding(
            OtherTimeZone, $"Of the lines {zone.Value} match when days and period are of {zone.Key} instead of {invoice.TimeZone}.", Count: zone.Value));

    private static IEnumerable<ReportFinding> Within(ProviderInvoice invoice, IReadOnlyList<ReportLine> lines)
    {
        var tolerated = lines.Where(line => line is { Status: LineStatus.Matched, Explanation: not null }).ToList();
        if (tolerated.Count > 0)
        {
            var sum = tolerated.Aggregate(0m, (total, line) => Numbers.Sum(total, line.Difference));
            yield return new ReportFinding(
                Tolerated, $"Of the matched lines {tolerated.Count} are off within the tolerance, by {Numbers.Text(sum)} {invoice.Currency} together.", sum, tolerated.Count);
        }
    }

    private static IEnumerable<ReportFinding> Open(UsageByLine usage)
    {
        if (usage.InPeriod.Pending > 0)
        {
            yield return new ReportFinding(
                Pending, $"Of the period's usage {Numbers.Text(usage.InPeriod.Pending)} records have no cost yet, which counts as nothing here.", Count: usage.InPeriod.Pending);
        }
    }

    private static IEnumerable<ReportFinding> Others(ProviderInvoice invoice, UsageByLine usage) => usage.OtherCurrencies
        .Where(other => other.Value.Records != 0)
        .Select(other => new ReportFinding(
            OtherCurrency,
            $"Usage of {Numbers.Text(other.Value.Cost)} {other.Key} in {Numbers.Text(other.Value.Records)} records is not held against an invoice in {invoice.Currency}.",
            other.Value.Cost, other.Value.Records));

    private static IEnumerable<ReportFinding> Free(UsageByLine usage, IReadOnlyList<UnclaimedUsage> unclaimed)
    {
        var free = unclaimed.Where(left => !left.IsCharged).Select(left => (left.Metric, left.Figures.Records))
            .Concat(usage.Uncounted.Select(metric => (Metric: metric.Key, Records: metric.Value)))
            .Where(left => left.Records != 0).ToList();
        if (free.Count > 0)
        {
            var metrics = string.Join(", ", free.Select(left => left.Metric).Distinct().Order(StringComparer.Ordinal).Take(10));
            var records = free.Sum(left => left.Records);
            yield return new ReportFinding(
                NotCharged, $"Usage that costs nothing, in {Numbers.Text(records)} records, stands in no line of the invoice: {metrics}.", Count: records);
        }
    }
}
