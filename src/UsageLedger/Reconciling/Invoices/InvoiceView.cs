using NodaTime;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>What became of an invoice that was sent.</summary>
/// <param name="Status">accepted, duplicate or revised.</param>
/// <param name="Amount">The sum of the lines.</param>
public sealed record InvoiceAnswer(
    Guid InvoiceId, InvoiceVerdict Status, int Revision, string Number, string Provider, string? SourceId, string Currency, int LineCount, decimal Amount,
    decimal? Total, long Position)
{
    public static InvoiceAnswer Of(InvoiceOutcome outcome) => new(
        outcome.Told!.InvoiceId, outcome.Verdict, outcome.Told.Revision, outcome.Told.Number, outcome.Told.Provider, outcome.Told.SourceId, outcome.Told.Currency,
        outcome.Told.LineCount, outcome.Told.Amount, outcome.Told.Total, outcome.Position);
}

/// <summary>An invoice in the list, without its lines.</summary>
public sealed record InvoiceSummary(
    Guid InvoiceId, string Provider, string? SourceId, string Number, int Revision, Instant PeriodStart, Instant PeriodEnd, string TimeZone, string Currency,
    int LineCount, decimal Amount, decimal? Total, string Origin, Instant ReceivedAt);

/// <summary>An invoice with a page of its lines.</summary>
/// <param name="NextCursor">Null when no lines follow.</param>
public sealed record InvoiceView(
    Guid InvoiceId, string Provider, string? SourceId, string Number, int Revision, Instant PeriodStart, Instant PeriodEnd, string TimeZone, string Currency,
    int LineCount, decimal Amount, decimal? Total, string Origin, Instant ReceivedAt, IReadOnlyList<InvoiceLine> Lines, string? NextCursor);
