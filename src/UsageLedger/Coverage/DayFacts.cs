using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>What there is of a source's UTC day, of which <see cref="DayKnown"/> keeps what its hours are judged by.</summary>
/// <param name="Held">A bit for each hour that a completed run held whole, the lowest for the first hour.</param>
/// <param name="HeldToEnd">Those of which such a run reached to the end of the day.</param>
/// <param name="Totals">One for each metric.</param>
internal sealed record DayFacts(int Held, int HeldToEnd, IReadOnlyList<DayTotal> Totals, IReadOnlyList<DayFound> Found);

/// <summary>How many records the vendor counts.</summary>
/// <param name="Metric">Or several with + between: the vendor counts them together.</param>
/// <param name="Hours">Of each hour; null: it does not say of that one, or of any.</param>
/// <param name="Records">Of the day; null: it does not say.</param>
internal sealed record DayTotal(string Metric, IReadOnlyList<long?>? Hours, long? Records, Instant AsOf)
{
    public bool Counts(string metric) => KnownTotal.Counts(Metric, metric);
}

/// <summary>Records of one metric that were found, and in each hour.</summary>
internal sealed record DayFound(string Metric, long Records, IReadOnlyList<long> Hours);
