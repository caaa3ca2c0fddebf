using NodaTime;

namespace UsageLedger.Reconciling.Matching;

/// <summary>Usage that is alike in everything a line of an invoice can name, of one quarter hour.</summary>
/// <param name="NativeId">The vendor's own id of the record; null where no line asks for one.</param>
/// <param name="BilledMetric">What the vendor charges it as, where it has another word than the ledger; null: the same.</param>
/// <param name="BilledUnit">What else the vendor counts it in; null: nothing.</param>
/// <param name="FailedFree">Messages that failed free of charge, which vendors list and do not count.</param>
public sealed record LedgerRow(
    string Metric, string Unit, string Currency, string? ResourceId, string? NativeId, string? BilledMetric, string? BilledUnit, decimal BilledQuantity,
    Instant Quarter, Figures Figures, bool FailedFree = false);
