using System.Collections.Immutable;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Replaying;

/// <summary>A reconciliation that somebody signed off, of an invoice whose period has some of the cycle.</summary>
/// <param name="Position">What was signed off is the ledger up to here.</param>
public sealed record AuditedReconciliation(
    Guid Id, string InvoiceNumber, string Provider, long Position, string LedgerCost, string ProviderCost, string Difference, string Currency, Instant SignedOffAt);

/// <summary>What the log says of one reconciliation.</summary>
/// <param name="Sums">Of the lines, by the report that they are of: a host that died may have left some of another.</param>
internal sealed record ReconciliationFacts(
    ReconciliationMade? Made, ReconciliationSignedOff? SignedOff, ImmutableDictionary<string, (ExactTotal Difference, int Count)> Sums)
{
    public static readonly ReconciliationFacts None = new(null, null, ImmutableDictionary<string, (ExactTotal, int)>.Empty);

    public ExactTotal LinesDifference => Lines.Difference;

    public int LineCount => Lines.Count;

    private (ExactTotal Difference, int Count) Lines => Of(Made?.ReportHash ?? "");

    public ReconciliationFacts With(ReconciliationMade made) => this with { Made = made };

    public ReconciliationFacts With(ReconciliationSignedOff signed) => this with { SignedOff = signed };

    public ReconciliationFacts With(ReconciliationLines part)
    {
        var (difference, count) = Of(part.ReportHash);
        difference = part.Lines.Aggregate(difference, (sum, line) => sum + ExactTotal.Of(line.Difference));
        return this with { Sums = Sums.SetItem(part.ReportHash, (difference, count + part.Lines.Count)) };
    }

    private (ExactTotal Difference, int Count) Of(string report) => Sums.GetValueOrDefault(report, (ExactTotal.Zero, 0));

    /// <summary>The event's own part, if it is about the reconciliation.</summary>
    public ReconciliationFacts With(StoredEvent stored, Guid reconciliation) => stored.Type switch
    {
        EventTypes.ReconciliationMade when Reconciling.EventJson.Read<ReconciliationMade>(stored.Data) is var made && made.ReconciliationId == reconciliation => With(made),
        EventTypes.ReconciliationLines when Reconciling.EventJson.Read<ReconciliationLines>(stored.Data) is var part && part.ReconciliationId == reconciliation => With(part),
        EventTypes.ReconciliationSignedOff when Reconciling.EventJson.Read<ReconciliationSignedOff>(stored.Data) is var signed && signed.ReconciliationId == reconciliation => With(signed),
        _ => this,
    };
}
