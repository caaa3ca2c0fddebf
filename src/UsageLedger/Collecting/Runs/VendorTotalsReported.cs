using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.Runs;

/// <summary>A vendor said what it adds up itself of one UTC day of a source; what it said of that day earlier no longer holds.</summary>
/// <param name="AsOf">When it was asked.</param>
internal sealed record VendorTotalsReported(string SourceId, LocalDate Day, Instant AsOf, IReadOnlyList<VendorTotal> Totals)
{
    /// <param name="asking">Makes the id: one asking tells each day once.</param>
    public NewEvent ToEvent(string tenant, Guid asking)
    {
        var day = LocalDatePattern.Iso.Format(Day);
        var json = new CanonicalJsonWriter().StartObject().Member("asOf", Rfc3339.Format(AsOf)).Member("day", day).Member("sourceId", SourceId).Name("totals").StartArray();
        foreach (var total in Totals)
        {
            Write(json, total);
        }

        return new NewEvent(
            DeterministicId.Of(EventTypes.VendorTotalsReported, tenant, asking.ToString(), day), StreamNames.OfSource(SourceId),
            EventTypes.VendorTotalsReported, json.EndArray().EndObject().Take());
    }

    private static void Write(CanonicalJsonWriter json, VendorTotal total)
    {
        void Optional(string name, string? value)
        {
            if (value is not null)
            {
                json.Member(name, value);
            }
        }

        json.StartObject();
        Optional("at", total.At is { } at ? Rfc3339.Format(at) : null);
        json.Member("category", total.Category);
        Optional("cost", total.Cost is { } cost ? ExactDecimal.ToText(cost) : null);
        json.Member("currency", total.Currency);
        Optional("metric", total.Metric);
        Optional("quantity", total.Quantity is { } quantity ? ExactDecimal.ToText(quantity) : null);
        Optional("records", total.Records?.ToString(CultureInfo.InvariantCulture));
        Optional("unit", total.Unit);
        json.EndObject();
    }
}
