namespace UsageLedger.EventLog.Projecting;

/// <summary>The bounds of the projection runner.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Positions taken in one transaction.</summary>
    public int BatchPositionsMax { get; init; } = 50_000;

    /// <summary>Positions taken in one transaction of a rebuild, where nobody waits for a row.</summary>
    public int RebuildPositionsMax { get; init; } = 200_000;

    /// <summary>Under steady load a batch starts at most this often, so that many events share one statement.</summary>
    public TimeSpan Pace { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>How long to go without news before looking at the head.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a stander-by tries to take over, and a failed connection is tried again.</summary>
    public TimeSpan TakeoverEvery { get; init; } = TimeSpan.FromSeconds(2);
}
