namespace UsageLedger.Simulators.Faults;

/// <summary>
/// How badly the vendors behave, in chances per mille. Every fault is bounded: the same request fails at most <see cref="InARowMax"/> times in a row.
/// </summary>
public sealed record SimFaults
{
    public static SimFaults None { get; } = new();

    /// <summary>A bad month: a fifth of all requests fail, webhooks are lost, repeated, late and out of order, prices change.</summary>
    public static SimFaults Rough { get; } = new()
    {
        TooManyRequests = 40, TooManyRequestsWithRetryAfter = 40, ServerErrors = 50, TimeOuts = 10, CutConnections = 30, TruncatedJson = 30,
        ShiftingPages = 200, ChangedPrices = 100, DroppedWebhooks = 60, RepeatedWebhooks = 60, DelayedWebhooks = 60, ReorderedWebhooks = 60,
        SignatureSkewSeconds = 120,
    };

    /// <summary>429 that says nothing of when to come again.</summary>
    public int TooManyRequests { get; init; }

    /// <summary>429 with <c>Retry-After: 1</c>.</summary>
    public int TooManyRequestsWithRetryAfter { get; init; }

    public int ServerErrors { get; init; }

    /// <summary>No answer for <see cref="HangMs"/>, then a cut.</summary>
    public int TimeOuts { get; init; }

    /// <summary>The connection is cut in the middle of the answer.</summary>
    public int CutConnections { get; init; }

    /// <summary>200 with half of the JSON.</summary>
    public int TruncatedJson { get; init; }

    /// <summary>A later page begins with what the one before it ended with, as when records came in meanwhile.</summary>
    public int ShiftingPages { get; init; }

    /// <summary>Of priced things: another price is told first, and the true one within 72 hours.</summary>
    public int ChangedPrices { get; init; }

    public int DroppedWebhooks { get; init; }

    public int RepeatedWebhooks { get; init; }

    /// <summary>Up to <see cref="DelayHoursMax"/> late, in world time.</summary>
    public int DelayedWebhooks { get; init; }

    /// <summary>How late a delayed webhook is at most; 1 to 720.</summary>
    public int DelayHoursMax { get; init; } = 6;

    /// <summary>Sent before what it should follow.</summary>
    public int ReorderedWebhooks { get; init; }

    /// <summary>How far the vendors' clocks are behind when they sign; within 300 is within their tolerance.</summary>
    public int SignatureSkewSeconds { get; init; }

    public int InARowMax { get; init; } = 2;

    /// <summary>How long a request that times out hangs; 30 seconds at most.</summary>
    public int HangMs { get; init; } = 1_000;

    internal IReadOnlyList<int> Chances =>
        [TooManyRequests, TooManyRequestsWithRetryAfter, ServerErrors, TimeOuts, CutConnections, TruncatedJson];

    /// <exception cref="ArgumentException">A chance is none, or a bound is missing.</exception>
    public SimFaults Checked()
    {
        int[] chances = [.. Chances, ShiftingPages, ChangedPrices, DroppedWebhooks, RepeatedWebhooks, DelayedWebhooks, ReorderedWebhooks];
        return chances.Any(chance => chance is < 0 or > 1_000) || Chances.Sum() > 1_000 ? throw new ArgumentException("Chances are 0 to 1000 per mille, also together.")
            : InARowMax is < 0 or > 100 ? throw new ArgumentException("inARowMax is 0 to 100.")
            : DelayHoursMax is < 1 or > 720 ? throw new ArgumentException("delayHoursMax is 1 to 720.")
            : HangMs is < 0 or > 30_000 ? throw new ArgumentException("hangMs is 0 to 30000.")
            : this;
    }
}
