namespace UsageLedger.Recording;

/// <summary>Records usage; the same key twice is one usage.</summary>
/// <param name="Items">In the sender's order, refused ones among them.</param>
public sealed record RecordUsage(string Tenant, string CorrelationId, IReadOnlyList<ParsedUsage> Items);
