using NodaTime.TimeZones;
using Npgsql;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Matching;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Replaying;

/// <summary>
/// Makes a reconciliation anew from the log alone: the ledger's side event by event, up to the position that the report names. Which line
/// claims which usage is decided by the rule that the report was made by.
/// </summary>
internal sealed class ReconciliationReplay(LogReader reader, ITileSource tiles, NpgsqlDataSource database, string tenant)
{
    private readonly InvoiceStore invoices = new(database, reader);

    /// <summary>Null when the invoice is not there as it was, the report is of a rule that this release does not know, or the sums of what is there cannot be kept.</summary>
    public async Task<MatchedInvoice?> RunAsync(ReconciliationMade made, Findings found, CancellationToken ct)
    {
        try
        {
            var invoice = await invoices.WholeAsync(tenant, (await invoices.RevisionAsync(tenant, made.InvoiceId, made.InvoiceRevision, ct)).Told, ct);
            var usage = await new LedgerSideReplay(reader, tiles, database, tenant).ReadAsync(invoice, made.Position, made.MatchedBy, found, ct);
            return InvoiceMatching.Match(invoice, made.Tolerance, usage);
        }
        catch (Exception gone) when (gone is InvoiceGoneException or UnreadableEventException or OverflowException or ArgumentException or DateTimeZoneNotFoundException)
        {
            return null;
        }
    }
}
