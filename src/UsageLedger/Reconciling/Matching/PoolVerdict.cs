using NodaTime;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.Reconciling.Matching;

/// <summary>What became of the lines of a pool together.</summary>
/// <param name="Provider">What they say together.</param>
/// <param name="Ledger">What counts as the ledger's of them.</param>
/// <param name="Alone">The one line that has the usage to itself, the others having none; null: they share it.</param>
/// <param name="Found">Where it is, if not where the lines say.</param>
internal sealed record PoolVerdict(
    LinePool Pool, SelectorUsage Usage, Interval Period, Figures Provider, Figures Ledger, LineStatus Status, int? Alone = null, FoundElsewhere? Found = null)
{
    public bool IsOpen => Status is not LineStatus.Matched && Alone is null;
}
