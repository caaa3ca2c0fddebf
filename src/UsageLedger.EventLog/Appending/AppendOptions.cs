namespace UsageLedger.EventLog.Appending;

/// <summary>The bounds of an appender.</summary>
public sealed record AppendOptions
{
    /// <summary>Events in one commit; a single request may exceed it, up to <see cref="RequestEventsMax"/>.</summary>
    public int GroupEventsMax { get; init; } = 8_192;

    /// <summary>Items in one request; more are refused.</summary>
    public int RequestEventsMax { get; init; } = 20_000;

    /// <summary>Items waiting or being committed; further requests wait their turn.</summary>
    public int QueuedEventsMax { get; init; } = 40_000;

    /// <summary>Items waiting to be let into the queue; beyond this a request is refused at once.</summary>
    public int WaitingEventsMax { get; init; } = 100_000;

    /// <summary>Event types so frequent that no list of their positions is kept.</summary>
    public IReadOnlySet<string> BulkTypes { get; init; } = new HashSet<string>();
}
