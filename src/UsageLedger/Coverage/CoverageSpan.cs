using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Coverage;

/// <summary>The time that is meant.</summary>
public static class CoverageSpan
{
    /// <summary>A week up to now, where nothing is named.</summary>
    public static (Instant From, Instant To) Of(Instant? from, Instant? to, Instant now)
    {
        var end = to ?? now;
        return (from ?? end - ReadCoverage.SpanDefault, end);
    }

    /// <summary>The rule that a time breaks, or null.</summary>
    public static (string Code, string Rule)? Refusal(Instant from, Instant to) =>
        !DateBounds.Hold(from) || !DateBounds.Hold(to) ? (DateBounds.Code, "and to " + DateBounds.Rule)
        : from >= to ? ("from_not_before_to", "must be before to")
        : to - from > ReadCoverage.SpanMax ? ("span_too_long", $"must be at most {ReadCoverage.SpanMax.Days} days before to")
        : null;
}
