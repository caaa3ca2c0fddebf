using System.Globalization;
using UsageLedger.Recording;

namespace UsageLedger.Cycles;

/// <summary>What a close looks at besides the lines.</summary>
/// <param name="PendingCosts">Usage of the cycle whose cost a configured source can still tell. What callers record without one waits for nobody.</param>
/// <param name="Unattributed">Usage of the cycle's time that a mapping could still make the client's.</param>
/// <param name="Coverage">The share of expected usage that was captured; null while nothing is expected.</param>
/// <param name="OpenAnomalies">Of the client in the cycle, acknowledged by nobody.</param>
public sealed record CloseFigures(long PendingCosts, long Unattributed, decimal? Coverage, long OpenAnomalies)
{
    public const decimal CoverageGoal = 0.95m;

    /// <summary>Each precondition with its figure, always all of them and in this order.</summary>
    public IReadOnlyList<ClosePrecondition> Preconditions =>
    [
        None("pending_costs", PendingCosts),
        None("unattributed", Unattributed),
        new("coverage", Coverage is null or >= CoverageGoal, Coverage is { } share ? ExactDecimal.ToText(share) : null, ExactDecimal.ToText(CoverageGoal)),
        None("open_anomalies", OpenAnomalies),
    ];

    private static ClosePrecondition None(string name, long count) => new(name, count == 0, count.ToString(CultureInfo.InvariantCulture), "0");
}
