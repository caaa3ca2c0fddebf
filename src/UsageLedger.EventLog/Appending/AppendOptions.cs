using NodaTime;

namespace UsageLedger.EventLog.Appending;

/// <summary>The bounds of an appender. An event of more than a KiB counts as one for each KiB, so that what waits is bounded in bytes too.</summary>
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

    /// <summary>How long the log's head may be held by a transaction in which nothing happens: that of a host that was cut off.</summary>
    public TimeSpan HeadHeldMax { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How far this host's clock may be ahead of the database's; beyond it nothing is appended, since what follows can never be stamped earlier. Null: it is not compared.</summary>
    public Duration? ClockAheadMax { get; init; }

    /// <summary>Event types so frequent that no list of their positions is kept.</summary>
    public IReadOnlySet<string> BulkTypes { get; init; } = new HashSet<string>();
}
