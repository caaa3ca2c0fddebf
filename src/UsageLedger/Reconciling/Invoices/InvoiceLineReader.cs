using NodaTime;
using UsageLedger.Answering;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Reads the lines of an invoice.</summary>
internal static class InvoiceLineReader
{
    /// <param name="start">Of the invoice's period.</param>
    public static IReadOnlyList<InvoiceLine> Read(IReadOnlyList<CommandFields> items, DateTimeZone zone, Instant start, Instant end)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        var units = new Dictionary<(string Metric, string? Resource), string>();
        var lines = new List<InvoiceLine>(items.Count);
        foreach (var item in items)
        {
            var line = Read(item);
            if (line.Id.Length > 0 && !ids.Add(line.Id))
            {
                item.Refuse("id", "given_twice", "stands in another line already; each line has an id of its own");
            }

            if (line.Unit is { } unit && units.TryAdd((line.Metric, line.ResourceId), unit) is false && units[(line.Metric, line.ResourceId)] != unit)
            {
                item.Refuse("unit", "unit_differs", "must be the same in all lines of one metric and resource");
            }

            if (line.Date is { } date && start < end && !IsWithin(date, zone, start, end))
            {
                item.Refuse("date", "date_outside_period", $"must be a day of the invoice's period in {zone.Id}; periodEnd is not within");
            }

            lines.Add(line);
        }

        return lines;
    }

    private static InvoiceLine Read(CommandFields item) => new(
        item.RequiredText("id"), item.RequiredText("metric"), item.Text("resourceId"), item.Day("date"), item.Text("unit"), item.RequiredNumber("quantity"),
        item.RequiredNumber("amount"));

    private static bool IsWithin(LocalDate date, DateTimeZone zone, Instant start, Instant end) =>
        date.StartIn(zone) < end && date.PlusDays(1).StartIn(zone) > start;
}
