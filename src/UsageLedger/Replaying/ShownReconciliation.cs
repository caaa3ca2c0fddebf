using NodaTime;
using UsageLedger.EventLog.Proof;
using UsageLedger.Reconciling;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>Compares a signed-off reconciliation with the row of the table that shows it.</summary>
internal static class ShownReconciliation
{
    private static readonly (string What, Func<ReconciliationSummary, string?> Of)[] Figures =
    [
        ("sign-off", SignedOff), ("signer", one => one.SignedOffBy), ("period", one => $"{Rfc3339.Format(one.PeriodStart)}/{Rfc3339.Format(one.PeriodEnd)}"),
        ("position", one => ShownLine.Text(one.Position)), ("currency", one => one.Currency), ("ledger's cost", one => ExactDecimal.ToText(one.LedgerCost)),
        ("provider's cost", one => ExactDecimal.ToText(one.ProviderCost)), ("difference", one => ExactDecimal.ToText(one.Difference)),
    ];

    /// <summary>As the table should show it.</summary>
    public static ReconciliationSummary Shown(this ReconciliationMade made, Instant signedOffAt, ReconciliationSignedOff? signedOff) => new(
        made.ReconciliationId, made.InvoiceId, made.Number, made.InvoiceRevision, made.Provider, made.SourceId, made.PeriodStart, made.PeriodEnd, made.Currency,
        made.Position, made.Counts, made.Totals.Ledger, made.Totals.Provider, made.Totals.Difference, default, signedOffAt, signedOff?.KeyName);

    /// <param name="row">Null: there is none.</param>
    public static IEnumerable<AuditDifference> Compare(ReconciliationSummary log, ReconciliationSummary? row)
    {
        if (row is null)
        {
            yield return Differing("row", log, SignedOff(log), null);
            yield break;
        }

        foreach (var (what, of) in Figures)
        {
            if (of(log) != of(row))
            {
                yield return Differing(what, log, of(log), of(row));
            }
        }
    }

    /// <summary>What is shown as signed off, and by the log nobody did.</summary>
    public static AuditDifference Unsigned(ReconciliationSummary row) => Differing("sign-off", row, null, SignedOff(row));

    private static string? SignedOff(ReconciliationSummary one) => one.SignedOffAt is { } at ? Rfc3339.Format(at) : null;

    private static AuditDifference Differing(string what, ReconciliationSummary one, string? log, string? found) =>
        new(AuditDifference.ReconciliationDiffers, $"{what} of invoice {one.InvoiceNumber}", log, found);
}
