using UsageLedger.Anomalies;

namespace UsageLedger.Specs.Anomalies;

/// <summary>An anomaly put into the year: from hour <paramref name="Start"/> up to but not including hour <paramref name="End"/>.</summary>
/// <param name="Strength">By how much the volume, the price or the duplicates are multiplied.</param>
internal sealed record Plant(AnomalyLine Line, string Kind, long Start, long End, double Strength)
{
    /// <summary>Found in an hour of its own, under its own name; before and after does not count, nor does another kind.</summary>
    public bool IsFoundBy(AnomalyLine line, string kind, long hour) => line == Line && kind == Kind && hour >= Start && hour < End;
}
