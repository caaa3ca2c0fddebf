using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>What the read models hold of a source in whole UTC days.</summary>
/// <param name="Since">When collecting began: hours before are not expected.</param>
/// <param name="Counted">Metrics of which each vendor record has one record.</param>
/// <param name="ListsRecords">Whether the vendor lists its records, so that a run over an hour finds all of it; else a run finds only what whole days lack.</param>
/// <param name="Runs">By hour.</param>
internal sealed record SourceFacts(
    string SourceId, string Provider, Instant Since, IReadOnlyList<string> Counted, bool ListsRecords, IReadOnlyList<FoundHour> Found,
    IReadOnlyDictionary<Instant, RunHour> Runs, IReadOnlyList<KnownTotal> Totals);

/// <summary>Records of one metric in an hour, by the way on which each came first.</summary>
internal sealed record FoundHour(Instant Hour, string Metric, long Pushed, long Polled)
{
    public long All => Pushed + Polled;
}

/// <summary>What runs say of an hour.</summary>
/// <param name="ProvenTo">The furthest end of a completed run that holds the hour whole.</param>
/// <param name="Listed">How many of its records the vendor listed, at most in one run.</param>
internal sealed record RunHour(Instant? ProvenTo, long Listed);

/// <summary>How many records the vendor counts of a day, or of an hour of it.</summary>
/// <param name="At">The hour; null: the day.</param>
/// <param name="Metric">Or several with + between: the vendor counts them together.</param>
internal sealed record KnownTotal(LocalDate Day, Instant? At, string Metric, long Records, Instant AsOf)
{
    public bool Counts(string metric) => Counts(Metric, metric);

    public static bool Counts(string metrics, string metric) => metrics == metric || (metrics.Contains('+') && metrics.Split('+').Contains(metric));
}
