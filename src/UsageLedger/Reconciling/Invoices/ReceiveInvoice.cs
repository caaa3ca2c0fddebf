using System.Security.Cryptography;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Reconciling.Invoices;

/// <summary>Keeps a vendor's invoice. The same number with the same content is the same invoice.</summary>
/// <param name="Origin"><c>posted</c>, <c>imported</c> or <c>assembled</c>.</param>
/// <param name="Revision">Another content takes the place of the one known.</param>
public sealed record ReceiveInvoice(string Tenant, string CorrelationId, ProviderInvoice Invoice, string Origin, bool Revision)
{
    /// <summary>By provider, source and number: an invoice is one for ever.</summary>
    public Guid InvoiceId => DeterministicId.Of("invoice", Tenant, Invoice.Provider, Invoice.SourceId ?? "", Invoice.Number);
}

/// <summary>What became of an invoice.</summary>
public enum InvoiceVerdict
{
    Accepted,
    Duplicate,
    Revised,

    /// <summary>The number is known with another content, and this is not said to be a revision.</summary>
    Conflict,

    /// <summary>Others revised it at every attempt.</summary>
    ChangedMeanwhile
}

/// <param name="Told">As the log has it; null if it has it otherwise.</param>
/// <param name="Position">Of the event that tells it; 0 if there is none.</param>
public sealed record InvoiceOutcome(InvoiceVerdict Verdict, ProviderInvoiceReceived? Told = null, long Position = 0);

/// <summary>Handles <see cref="ReceiveInvoice"/>.</summary>
public static class ReceiveInvoiceHandler
{
    private const int AttemptsMax = 5;

    public static async Task<InvoiceOutcome> Handle(ReceiveInvoice command, InvoiceStore invoices, LogAppender log, CancellationToken ct)
    {
        var hash = Convert.ToHexStringLower(SHA256.HashData(EventJson.Write(command.Invoice).Utf8.Span));
        for (var attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var known = await invoices.LatestAsync(command.Tenant, command.InvoiceId, ct);
            if (Decide(known?.Told, hash, command.Revision) is { } verdict and (InvoiceVerdict.Duplicate or InvoiceVerdict.Conflict))
            {
                return verdict == InvoiceVerdict.Duplicate ? new InvoiceOutcome(verdict, known!.Told, known.Event.Position) : new InvoiceOutcome(verdict);
            }

            var told = Told(command, hash, (known?.Told.Revision ?? 0) + 1);
            var parts = command.Invoice.Lines.Chunk(ProviderInvoiceLines.LinesMax)
                .Select((lines, index) => new ProviderInvoiceLines(told.InvoiceId, hash, index + 1, lines).ToEvent(command.Tenant));
            var outcome = await PartedAppend.RunAsync(log, command.Tenant, command.CorrelationId, parts, told.ToEvent(command.Tenant), ct);
            if (outcome.Verdict == Decision.Accepted)
            {
                return new InvoiceOutcome(known is null ? InvoiceVerdict.Accepted : InvoiceVerdict.Revised, told, outcome.Position);
            }
        }

        return new InvoiceOutcome(InvoiceVerdict.ChangedMeanwhile);
    }

    /// <summary>New, the same, another content, or one that takes its place: decided by content alone.</summary>
    public static InvoiceVerdict Decide(ProviderInvoiceReceived? known, string contentHash, bool revision) => known switch
    {
        null => InvoiceVerdict.Accepted,
        _ when known.ContentHash == contentHash => InvoiceVerdict.Duplicate,
        _ => revision ? InvoiceVerdict.Revised : InvoiceVerdict.Conflict
    };

    private static ProviderInvoiceReceived Told(ReceiveInvoice command, string hash, int revision)
    {
        var invoice = command.Invoice;
        var parts = (invoice.Lines.Count + ProviderInvoiceLines.LinesMax - 1) / ProviderInvoiceLines.LinesMax;
        return new ProviderInvoiceReceived(
            command.InvoiceId, revision, invoice.Provider, invoice.SourceId, invoice.Number, invoice.PeriodStart, invoice.PeriodEnd, invoice.TimeZone,
            invoice.Currency, invoice.Lines.Aggregate(0m, (sum, line) => Numbers.Sum(sum, line.Amount)), invoice.Total, invoice.Lines.Count, parts, hash,
            command.Origin);
    }
}
