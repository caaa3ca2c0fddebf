using NodaTime;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>A tree head as it was signed and given out.</summary>
/// <param name="Note">The whole signed note, to be given out as it is.</param>
public sealed record SignedCheckpoint(long Size, ReadOnlyMemory<byte> RootHash, string Note, Instant SignedAt);
