namespace UsageLedger.EventLog.Projecting;

/// <summary>The bounds of the projection runner.</summary>
public sealed record ProjectionOptions
{
    /// <summary>Positions taken in one transaction.</summary>
    public int BatchPositionsMax { get; init; } = 50_000;

    /// <summary>Positions taken in one transaction of a rebuild, where nobody waits for a row.</summary>
    public int RebuildPositionsMax { get; init; } = 200_000;

    /// <summary>How many times the last batch's duration to rest before the next: under load many events share what a statement costs, at leisure nobody waits.</summary>
    public int RestPerWork { get; init; } = 4;

    /// <summary>The longest rest between two batches while there is news.</summary>
    public TimeSpan RestMax { get; init; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How long to go without news before looking at the head.</summary>
    public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How often a stander-by tries to take over, and a failed connection is tried again.</summary>
    public TimeSpan TakeoverEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>
    /// The numbers of the schema files that this program knows: on a database that has others it runs no projection, since it would book by tables as they
    /// were. Null: it is not looked at.
    /// </summary>
    public IReadOnlyList<int>? SchemaFiles { get; init; }
}
