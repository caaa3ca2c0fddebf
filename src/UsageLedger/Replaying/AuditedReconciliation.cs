using System.Collections.Immutable;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Replaying;

/// <summary>A reconciliation that somebody signed off, of an invoice whose period has some of the cycle.</summary>
/// <param name="Position">What was signed off is the ledger up to here.</param>
/// <param name="ReplayedCost">What the log up to there comes to when it is read again; null if it cannot be held against the invoice any more.</param>
public sealed record AuditedReconciliation(
    Guid Id, string InvoiceNumber, string Provider, long Position, string LedgerCost, string? ReplayedCost, string ProviderCost, string Difference, string Currency, Instant SignedOffAt);

/// <summary>What the log says of one reconciliation.</summary>
/// <param name="Parts">The lines, by the report that they are of: a host that died may have left some of another.</param>
internal sealed record ReconciliationFacts(
    ReconciliationMade? Made, ReconciliationSignedOff? SignedOff, ImmutableDictionary<string, ImmutableList<IReadOnlyList<ReportLine>>> Parts)
{
    public static readonly ReconciliationFacts None = new(null, null, ImmutableDictionary<string, ImmutableList<IReadOnlyList<ReportLine>>>.Empty);

    public IEnumerable<ReportLine> Lines => Of(Made?.ReportHash ?? "").SelectMany(part => part);

    public ExactTotal LinesDifference => Lines.Aggregate(ExactTotal.Zero, (sum, line) => sum + ExactTotal.Of(line.Difference));

    public ReconciliationFacts With(ReconciliationMade made) => this with { Made = made };

    public ReconciliationFacts With(ReconciliationSignedOff signed) => this with { SignedOff = signed };

    public ReconciliationFacts With(ReconciliationLines part) => this with { Parts = Parts.SetItem(part.ReportHash, Of(part.ReportHash).Add(part.Lines)) };

    private ImmutableList<IReadOnlyList<ReportLine>> Of(string report) => Parts.GetValueOrDefault(report, []);

    /// <summary>The event's own part, if it is about the reconciliation.</summary>
    /// <exception cref="UnreadableEventException">The event does not hold what it should.</exception>
    public ReconciliationFacts With(StoredEvent stored, Guid reconciliation) => stored.Type switch
    {
        EventTypes.ReconciliationMade when Reconciling.EventJson.Read<ReconciliationMade>(stored) is var made && made.ReconciliationId == reconciliation => With(made),
        EventTypes.ReconciliationLines when Reconciling.EventJson.Read<ReconciliationLines>(stored) is var part && part.ReconciliationId == reconciliation => With(part),
        EventTypes.ReconciliationSignedOff when Reconciling.EventJson.Read<ReconciliationSignedOff>(stored) is var signed && signed.ReconciliationId == reconciliation => With(signed),
        _ => this,
    };
}
