using System.Text.Json.Serialization;
using NodaTime;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>What a vendor charges for a period, as its invoice says.</summary>
/// <param name="SourceId">The account that is charged; null: every account of the provider.</param>
/// <param name="PeriodEnd">The first instant that is not within; both ends are on a quarter hour.</param>
/// <param name="TimeZone">Whose days the lines' dates are.</param>
/// <param name="Total">As stated; null: the invoice states none.</param>
public sealed record ProviderInvoice(
    string Provider, string? SourceId, string Number, Instant PeriodStart, Instant PeriodEnd, string TimeZone, string Currency, decimal? Total,
    IReadOnlyList<InvoiceLine> Lines)
{
    public const int LinesMax = 100_000;

    [JsonIgnore]
    public DateTimeZone Zone => DateTimeZoneProviders.Tzdb[TimeZone];
}

/// <summary>What a vendor charges for some usage.</summary>
/// <param name="Id">In the invoice's own words; each once.</param>
/// <param name="Metric">One of the ledger's; <c>call.*</c> means all that begin so, <c>*</c> all.</param>
/// <param name="ResourceId">Only of this one: the vendor's id of the record, or the resource of the usage.</param>
/// <param name="Date">Only of this day; null: of the whole period.</param>
/// <param name="Unit">What is counted, where the ledger counts in several; null: whatever the ledger counts.</param>
/// <param name="Amount">Negative: a credit.</param>
public sealed record InvoiceLine(string Id, string Metric, string? ResourceId, LocalDate? Date, string? Unit, decimal Quantity, decimal Amount);
