using NodaTime;

namespace UsageLedger.Answering;

/// <summary>The times of the days of <see cref="DateBounds"/>: no usage occurred outside of them, whatever a clock says.</summary>
public static class TimeBounds
{
    public static readonly Instant Earliest = Instant.FromUtc(2000, 1, 1, 0, 0);

    /// <summary>The first instant after them.</summary>
    public static readonly Instant End = Instant.FromUtc(2101, 1, 1, 0, 0);

    /// <summary>How far ahead of the clock a usage may have occurred; who records it judges, for normalisers know no time.</summary>
    public static readonly Duration AheadMax = Duration.FromHours(24);
}
