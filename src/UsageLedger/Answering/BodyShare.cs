namespace UsageLedger.Answering;

/// <summary>What one of those who share a room holds of it at most, so that another still gets through.</summary>
/// <param name="Of">A tenant, or one of its sources.</param>
internal readonly record struct BodyShare(string Of, long BytesMax);
