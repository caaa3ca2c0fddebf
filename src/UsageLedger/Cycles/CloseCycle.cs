using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Cycles;

/// <summary>Closes a cycle for ever, with its totals as they are. Closing it again changes nothing.</summary>
/// <param name="Cycle">Any name of it.</param>
/// <param name="Force">Wait neither for the grace to be over nor for the preconditions; the cycle itself must be over.</param>
/// <param name="Reason">Why; kept with the close.</param>
public sealed record CloseCycle(string Tenant, string CorrelationId, string ClientId, string Cycle, bool Force = false, string? Reason = null)
{
    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;

    /// <summary>What is wrong with a reason, or null.</summary>
    public static FieldProblem? ReasonProblem(string? reason) =>
        reason is not null && TextRules.Broken(reason, TextRules.ReasonMax) is { } rule
            ? new FieldProblem("/reason", rule.Code, $"reason {rule.Message}.")
            : null;
}

/// <summary>What became of a close.</summary>
/// <param name="CycleId">Which cycle the name meant.</param>
/// <param name="Position">Where the read models must come to show it.</param>
/// <param name="ClosableFrom">When it may be closed, if not yet.</param>
public sealed record CloseOutcome(CloseVerdict Verdict, string CycleId = "", long Position = 0, Instant? ClosableFrom = null)
{
    /// <summary>The preconditions in the way, if any are.</summary>
    public IReadOnlyList<ClosePrecondition> Unmet { get; init; } = [];
}

/// <summary>How a close ended.</summary>
public enum CloseVerdict
{
    /// <summary>Now, or already before.</summary>
    Closed,
    NotFound,
    NotEnded,

    /// <summary>A precondition is not met, and nobody forced the close.</summary>
    NotReady,

    /// <summary>The read models did not come to the head of the log in time.</summary>
    Behind,

    /// <summary>Others changed the client at every attempt.</summary>
    ChangedMeanwhile
}
