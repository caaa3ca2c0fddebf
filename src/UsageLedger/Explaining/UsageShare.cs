using UsageLedger.EventLog;
using UsageLedger.Recording;
using UsageLedger.Replaying;

namespace UsageLedger.Explaining;

/// <summary>What one usage makes of one line of a cycle. The shares of a line add up to it.</summary>
/// <param name="Version">Of the client's stream, where the usage first touched the line: its place in the list.</param>
/// <param name="State">What was last booked into the line, or taken from it.</param>
/// <param name="History">The event that recorded it, and all that was said about it since, in order.</param>
public sealed record UsageShare(Guid UsageId, long Version, LineKey Key, LineSums Sums, UsageRecord State, IReadOnlyList<StoredEvent> History)
{
    public StoredEvent First => History[0];
}

/// <summary>The shares that a stretch of the client's stream begins.</summary>
/// <param name="ThroughVersion">Up to where the stream was looked through.</param>
public sealed record SharePage(long ThroughVersion, IReadOnlyList<UsageShare> Shares);
