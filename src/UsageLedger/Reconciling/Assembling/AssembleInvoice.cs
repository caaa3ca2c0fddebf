using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Appending;
using UsageLedger.Reconciling.Invoices;

namespace UsageLedger.Reconciling.Assembling;

/// <summary>Puts together, as an invoice, what a vendor's own API says that it charges a source for whole UTC days.</summary>
/// <param name="To">The first day that is left out.</param>
public sealed record AssembleInvoice(string Tenant, string CorrelationId, string SourceId, LocalDate From, LocalDate To)
{
    public const int DaysMax = 92;

    /// <summary>Assembled again it is the same invoice, revised if the vendor says something else by then.</summary>
    public string Number => $"usage-api:{SourceId}:{LocalDatePattern.Iso.Format(From)}:{LocalDatePattern.Iso.Format(To)}";
}

/// <summary>Handles <see cref="AssembleInvoice"/>.</summary>
public static class AssembleInvoiceHandler
{
    /// <summary>Null: there is no such source.</summary>
    /// <exception cref="VendorException">The vendor cannot be reached, refuses, or answers what cannot be read.</exception>
    /// <exception cref="OverflowException">A sum needs more digits than there are.</exception>
    public static async Task<InvoiceOutcome?> Handle(
        AssembleInvoice command, VendorAccounts accounts, InvoiceStore invoices, LogAppender log, NpgsqlDataSource database, CancellationToken ct)
    {
        if (await accounts.FindAsync(command.Tenant, command.SourceId, ct) is not { } source)
        {
            return null;
        }

        var opened = await accounts.OpenAsync(source, "assemble an invoice", command.CorrelationId, ct);
        var stated = await VendorLines.ReadAsync(
            opened, command.From, command.To, usages => TelephonyReads.PricedAsync(database, command.Tenant, usages, ct), ct);
        var invoice = new ProviderInvoice(
            source.Provider, source.Id, command.Number, Midnight(command.From), Midnight(command.To), DateTimeZone.Utc.Id, stated.Currency, stated.Total, stated.Lines);
        return await ReceiveInvoiceHandler.Handle(
            new ReceiveInvoice(command.Tenant, command.CorrelationId, invoice, "assembled", Revision: true), invoices, log, ct);
    }

    private static Instant Midnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();
}
