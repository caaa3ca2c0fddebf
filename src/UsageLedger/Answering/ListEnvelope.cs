namespace UsageLedger.Answering;

/// <summary>One page of a list.</summary>
/// <param name="NextCursor">Null when nothing follows now; send it as <c>cursor</c>, with the same filters, for what follows.</param>
public sealed record ListEnvelope<T>(IReadOnlyList<T> Items, string? NextCursor);
