namespace UsageLedger.EventLog.Appending;

/// <summary>An event that someone wants in the log.</summary>
/// <param name="Id">Unique over the whole log for ever; a deterministic id makes a repeat impossible.</param>
/// <param name="Subject">The earlier event that this one revises, voids or moves, if any.</param>
public sealed record NewEvent(Guid Id, string Stream, string Type, CanonicalJson Data, Guid? Subject = null);
