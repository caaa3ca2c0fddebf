using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>A vendor's invoice was received, or another content under its number. Its lines stand before it in the same stream.</summary>
/// <param name="Revision">1, and one more with each other content.</param>
/// <param name="Amount">The sum of the lines.</param>
/// <param name="ContentHash">SHA-256, in hex, of the canonical JSON of the invoice whole.</param>
/// <param name="Origin"><c>posted</c>, <c>imported</c> or <c>assembled</c>.</param>
public sealed record ProviderInvoiceReceived(
    Guid InvoiceId, int Revision, string Provider, string? SourceId, string Number, Instant PeriodStart, Instant PeriodEnd, string TimeZone, string Currency,
    decimal Amount, decimal? Total, int LineCount, int Parts, string ContentHash, string Origin)
{
    /// <summary>Known by what it is of, so that the same revision is told once.</summary>
    public static Guid IdOf(string tenant, Guid invoice, int revision) =>
        DeterministicId.Of(EventTypes.ProviderInvoiceReceived, tenant, invoice.ToString("D"), Numbers.Text(revision));

    public NewEvent ToEvent(string tenant) => new(
        IdOf(tenant, InvoiceId, Revision), StreamNames.OfInvoice(InvoiceId), EventTypes.ProviderInvoiceReceived, EventJson.Write(this));
}

/// <summary>Some of an invoice's lines.</summary>
/// <param name="Part">Its place among the others, from 1.</param>
public sealed record ProviderInvoiceLines(Guid InvoiceId, string ContentHash, int Part, IReadOnlyList<InvoiceLine> Lines)
{
    public const int LinesMax = 1_000;

    public static Guid IdOf(string tenant, Guid invoice, string contentHash, int part) =>
        DeterministicId.Of(EventTypes.ProviderInvoiceLines, tenant, invoice.ToString("D"), contentHash, Numbers.Text(part));

    public NewEvent ToEvent(string tenant) => new(
        IdOf(tenant, InvoiceId, ContentHash, Part), StreamNames.OfInvoice(InvoiceId), EventTypes.ProviderInvoiceLines, EventJson.Write(this));
}
