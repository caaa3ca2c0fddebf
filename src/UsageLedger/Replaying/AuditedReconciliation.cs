using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Replaying;

/// <summary>A reconciliation that somebody signed off, of an invoice whose period has some of the cycle.</summary>
/// <param name="Position">What was signed off is the ledger up to here.</param>
public sealed record AuditedReconciliation(
    Guid Id, string InvoiceNumber, string Provider, long Position, string LedgerCost, string ProviderCost, string Difference, string Currency, Instant SignedOffAt);

/// <summary>What the log says of one reconciliation.</summary>
internal sealed record ReconciliationFacts(ReconciliationMade? Made, ReconciliationSignedOff? SignedOff, ExactTotal LinesDifference, int LineCount)
{
    public static readonly ReconciliationFacts None = new(null, null, ExactTotal.Zero, 0);

    public ReconciliationFacts With(ReconciliationMade made) => this with { Made = made };

    public ReconciliationFacts With(ReconciliationSignedOff signed) => this with { SignedOff = signed };

    public ReconciliationFacts With(ReconciliationLines part) => this with
    {
        LinesDifference = part.Lines.Aggregate(LinesDifference, (sum, line) => sum + ExactTotal.Of(line.Difference)),
        LineCount = LineCount + part.Lines.Count,
    };

    /// <summary>The event's own part, if it is about the reconciliation.</summary>
    public ReconciliationFacts With(StoredEvent stored, Guid reconciliation) => stored.Type switch
    {
        EventTypes.ReconciliationMade when Reconciling.EventJson.Read<ReconciliationMade>(stored.Data) is var made && made.ReconciliationId == reconciliation => With(made),
        EventTypes.ReconciliationLines when Reconciling.EventJson.Read<ReconciliationLines>(stored.Data) is var part && part.ReconciliationId == reconciliation => With(part),
        EventTypes.ReconciliationSignedOff when Reconciling.EventJson.Read<ReconciliationSignedOff>(stored.Data) is var signed && signed.ReconciliationId == reconciliation => With(signed),
        _ => this,
    };
}
