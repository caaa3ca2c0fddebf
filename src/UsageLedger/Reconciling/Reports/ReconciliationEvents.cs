using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.Reconciling.Matching;

namespace UsageLedger.Reconciling.Reports;

/// <summary>An invoice was held against the ledger. Its lines stand before it in the same stream.</summary>
/// <param name="Position">The ledger's side is that of the log up to here.</param>
/// <param name="TreeSize">Of the tree that <paramref name="RootHash"/> is the head of: as many leaves as positions.</param>
/// <param name="ReportHash">SHA-256, in hex, of the canonical JSON of the report whole.</param>
/// <param name="Rule">Of <see cref="MatchingRule"/>; null: the first.</param>
public sealed record ReconciliationMade(
    Guid ReconciliationId, Guid InvoiceId, string Number, int InvoiceRevision, string Provider, string? SourceId, Instant PeriodStart, Instant PeriodEnd,
    string TimeZone, string Currency, Tolerance Tolerance, long Position, long TreeSize, string RootHash, StatusCounts Counts, ReportTotals Totals,
    IReadOnlyList<ReportFinding> Findings, int LineCount, int Parts, string ReportHash, int? Rule = null)
{
    [JsonIgnore]
    public int MatchedBy => Rule ?? MatchingRule.First;

    public static Guid IdOf(string tenant, Guid reconciliation) => DeterministicId.Of(EventTypes.ReconciliationMade, tenant, reconciliation.ToString("D"));

    public NewEvent ToEvent(string tenant) => new(
        IdOf(tenant, ReconciliationId), StreamNames.OfInvoice(InvoiceId), EventTypes.ReconciliationMade, EventJson.Write(this));
}

/// <summary>Some of a reconciliation's lines.</summary>
/// <param name="ReportHash">Of the report that they are of: parts of an attempt that came to something else are never taken for its.</param>
/// <param name="Part">Its place among the others, from 1.</param>
public sealed record ReconciliationLines(Guid ReconciliationId, string ReportHash, int Part, IReadOnlyList<ReportLine> Lines)
{
    public const int LinesMax = 1_000;

    public static Guid IdOf(string tenant, Guid reconciliation, string reportHash, int part) =>
        DeterministicId.Of(EventTypes.ReconciliationLines, tenant, reconciliation.ToString("D"), reportHash, Numbers.Text(part));

    public NewEvent ToEvent(string tenant, Guid invoice) => new(
        IdOf(tenant, ReconciliationId, ReportHash, Part), StreamNames.OfInvoice(invoice), EventTypes.ReconciliationLines, EventJson.Write(this));
}

/// <summary>Somebody answers for a reconciliation as it was made; it never changes from then on.</summary>
/// <param name="KeyId">Whose key it was.</param>
public sealed record ReconciliationSignedOff(
    Guid ReconciliationId, Guid InvoiceId, string? Note, Guid KeyId, string KeyName, long Position, long TreeSize, string RootHash, string ReportHash)
{
    public static Guid IdOf(string tenant, Guid reconciliation) => DeterministicId.Of(EventTypes.ReconciliationSignedOff, tenant, reconciliation.ToString("D"));

    public NewEvent ToEvent(string tenant) => new(
        IdOf(tenant, ReconciliationId), StreamNames.OfInvoice(InvoiceId), EventTypes.ReconciliationSignedOff, EventJson.Write(this));
}
