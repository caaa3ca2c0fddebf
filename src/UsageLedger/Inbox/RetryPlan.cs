using NodaTime;

namespace UsageLedger.Inbox;

/// <summary>When failed work is tried again: after 1, 2, 4 ... minutes, at most an hour, and a little later by chance so that not all come back at once.</summary>
public static class RetryPlan
{
    public const int ChanceMax = 1_000;

    /// <summary>The longest that a vendor's own wish is heeded.</summary>
    public static readonly Duration AskedMax = Duration.FromHours(6);

    private const long MinuteSeconds = 60;
    private const long CapSeconds = 60 * MinuteSeconds;
    private const int DoublingsMax = 6;
    private const long SpreadParts = 4;

    /// <param name="attempts">Tries that have failed, from 1.</param>
    /// <param name="chance">From 0 up to <see cref="ChanceMax"/>: how much of a quarter of the wait is added.</param>
    public static Duration WaitAfter(int attempts, int chance)
    {
        var seconds = Math.Min(MinuteSeconds << Math.Min(attempts - 1, DoublingsMax), CapSeconds);
        return Duration.FromMilliseconds((seconds * 1_000) + (seconds * 1_000 * chance / (SpreadParts * ChanceMax)));
    }
}
