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
    public const string PendingCostsName = "pending_costs";
    public const string UnattributedName = "unattributed";
    public const string CoverageName = "coverage";
    public const string OpenAnomaliesName = "open_anomalies";

    /// <summary>The names of preconditions whose read models had not come far enough to tell; they are not met.</summary>
    public IReadOnlyList<string> Unknown { get; init; } = [];

    /// <summary>Each precondition with its figure, always all of them and in this order.</summary>
    public IReadOnlyList<ClosePrecondition> Preconditions =>
    [
        Told(None(PendingCostsName, PendingCosts)),
        Told(None(UnattributedName, Unattributed)),
        Told(new(CoverageName, Coverage is null or >= CoverageGoal, Coverage is { } share ? ExactDecimal.ToText(share) : null, ExactDecimal.ToText(CoverageGoal))),
        Told(None(OpenAnomaliesName, OpenAnomalies)),
    ];

    private ClosePrecondition Told(ClosePrecondition precondition) =>
        Unknown.Contains(precondition.Name) ? precondition with { Met = false, Figure = null } : precondition;

    private static ClosePrecondition None(string name, long count) => new(name, count == 0, count.ToString(CultureInfo.InvariantCulture), "0");
}
