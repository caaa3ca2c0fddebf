using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>What a run asks for: usage that ended in [From, To).</summary>
/// <param name="Cursor">Where a run that was cut off goes on, as the collector's own page gave it; null at the start.</param>
public sealed record CollectionWindow(Instant From, Instant To, string? Cursor)
{
    /// <summary>When it is asked, which tells how old its days are: a window may end long before.</summary>
    public Instant AskedAt { get; init; } = To;
}
