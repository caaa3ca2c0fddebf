using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Replaying;

/// <summary>What makes a line of a cycle one line.</summary>
/// <param name="Origin">Of an adjustment, the start of the cycle it belongs to.</param>
/// <param name="AgentId">Null: of no agent.</param>
public sealed record LineKey(Instant? Origin, string Provider, string Metric, string? AgentId, string Unit, string Currency)
{
    /// <summary>Adjustments first, by the start of their cycle; then by code points, as the database sorts and closes are hashed.</summary>
    public static readonly IComparer<LineKey> Order = Comparer<LineKey>.Create(Compare);

    public static LineKey Of(UsageRecord state, Instant? origin) =>
        new(origin, state.Provider, state.Metric, state.AgentId, state.Unit, state.Currency);

    public override string ToString() =>
        $"{Provider} {Metric} {AgentId ?? "of no agent"} {Unit} {Currency}" + (Origin is { } origin ? $" of the cycle of {EventLog.Proof.Rfc3339.Format(origin)}" : "");

    private static int Compare(LineKey one, LineKey other) =>
        one.Origin.HasValue != other.Origin.HasValue ? (one.Origin.HasValue ? -1 : 1)
        : Nullable.Compare(one.Origin, other.Origin) is var byOrigin and not 0 ? byOrigin
        : Compare(one.Provider, other.Provider) is var byProvider and not 0 ? byProvider
        : Compare(one.Metric, other.Metric) is var byMetric and not 0 ? byMetric
        : Compare(one.AgentId ?? "", other.AgentId ?? "") is var byAgent and not 0 ? byAgent
        : Compare(one.Unit, other.Unit) is var byUnit and not 0 ? byUnit
        : Compare(one.Currency, other.Currency);

    /// <summary>UTF-16 puts surrogates before U+E000; code points put what they stand for last.</summary>
    private static int Compare(string left, string right)
    {
        for (var at = 0; at < Math.Min(left.Length, right.Length); at++)
        {
            var (one, another) = (left[at], right[at]);
            if (one != another)
            {
                return char.IsSurrogate(one) == char.IsSurrogate(another) ? one.CompareTo(another) : char.IsSurrogate(one) ? 1 : -1;
            }
        }

        return left.Length.CompareTo(right.Length);
    }
}
