using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>A UTC day of a source, judged.</summary>
/// <param name="Hours">Those of it that are expected.</param>
/// <param name="Missing">What the vendor counts of the whole day beyond what was found; null: it counts none, or hours.</param>
/// <param name="Total">What the vendor counts, and <paramref name="Captured"/> of it what was found.</param>
internal sealed record DayJudgement(IReadOnlyList<CoverageHour> Hours, long? Missing, long Total, long Captured, CoverageDay Told)
{
    private static readonly Duration Hour = Duration.FromHours(1);

    /// <param name="found">Of the day.</param>
    /// <param name="first">The first hour of all that is expected.</param>
    /// <param name="limit">The end of the last.</param>
    public static DayJudgement Of(SourceFacts facts, LocalDate day, List<FoundHour> found, Instant first, Instant limit)
    {
        var (start, end) = (CoverageRule.StartOf(day), CoverageRule.StartOf(day.PlusDays(1)));

        // Of a day in which collecting began the vendor counts what was never expected; an hour that is not over yet tells nothing.
        var totals = facts.Totals.Where(total => total.Day == day && (total.At is { } at ? at >= first && at < limit : start >= facts.Since)).ToList();
        var hourly = totals.Where(total => total.At is not null).ToLookup(total => total.At!.Value);
        var daily = totals.Where(total => total.At is null).GroupBy(total => total.Metric, StringComparer.Ordinal).Select(metric => Metric(metric, found)).ToList();
        var missing = daily.Count == 0 ? null : (long?)daily.Sum(metric => Math.Max(0, metric.Expected!.Value - metric.Found));
        var expected = new List<Instant>();
        for (var at = Instant.Max(start, first); at < end && at < limit; at += Hour)
        {
            expected.Add(at);
        }

        var covered = CoveredHours.Of(day, DayKnown.Of(FactsOf(facts, day, found)), facts.ListsRecords, facts.Since, first, limit).Covered;
        CoverageHour Judge(Instant at)
        {
            var known = hourly[at].ToList();
            var isCovered = (covered & CoveredHours.Between(start, at, at + Hour)) != 0;
            return HourOf(facts, found, at, known.Count > 0 ? known.Sum(total => total.Records) : null, isCovered);
        }

        var metrics = daily.Concat(Hourly(hourly, found)).Concat(Uncounted(facts, found, totals)).OrderBy(metric => metric.Metric, StringComparer.Ordinal).ToList();
        var (whole, captured) = (
            metrics.Sum(metric => metric.Expected ?? 0), metrics.Sum(metric => metric.Expected is { } count ? Math.Min(count, metric.Found) : 0));
        return new DayJudgement([.. expected.Select(Judge)], missing, whole, captured, new CoverageDay(day, metrics, Ratio.Of(captured, whole)));
    }

    private static CoverageHour HourOf(SourceFacts facts, List<FoundHour> found, Instant at, long? expected, bool covered)
    {
        var own = found.Where(hour => hour.Hour == at && facts.Counted.Contains(hour.Metric)).ToList();
        var (pushed, polled) = (own.Sum(hour => hour.Pushed), own.Sum(hour => hour.Polled));
        var both = Math.Clamp((facts.Runs.GetValueOrDefault(at)?.Listed ?? 0) - polled, 0, Math.Max(0, pushed));
        return new CoverageHour(at, pushed - both, polled, both, expected, covered);
    }

    private static CoverageMetric Metric(IEnumerable<KnownTotal> totals, List<FoundHour> found)
    {
        var known = totals.ToList();
        return new CoverageMetric(
            known[0].Metric, known.Sum(total => total.Records), found.Where(hour => known[0].Counts(hour.Metric)).Sum(hour => hour.All), known.Max(total => total.AsOf));
    }

    /// <summary>Hours that the vendor counts, added up; only those, for others may not be over.</summary>
    private static IEnumerable<CoverageMetric> Hourly(ILookup<Instant, KnownTotal> hourly, List<FoundHour> found) => hourly
        .SelectMany(hour => hour).GroupBy(total => total.Metric, StringComparer.Ordinal)
        .Select(metric => Metric(metric, found.FindAll(hour => hourly.Contains(hour.Hour))));

    private static IEnumerable<CoverageMetric> Uncounted(SourceFacts facts, List<FoundHour> found, List<KnownTotal> totals) => found
        .Where(hour => facts.Counted.Contains(hour.Metric) && !totals.Exists(total => total.Counts(hour.Metric)))
        .GroupBy(hour => hour.Metric, StringComparer.Ordinal)
        .Select(metric => new CoverageMetric(metric.Key, null, metric.Sum(hour => hour.All), null));

    /// <summary>The day as hours are judged by it.</summary>
    private static DayFacts FactsOf(SourceFacts facts, LocalDate day, List<FoundHour> found)
    {
        var (start, end) = (CoverageRule.StartOf(day), CoverageRule.StartOf(day.PlusDays(1)));
        var (held, heldToEnd) = (0, 0);
        for (var (at, bit) = (start, 1); at < end; (at, bit) = (at + Hour, bit << 1))
        {
            var provenTo = facts.Runs.GetValueOrDefault(at)?.ProvenTo;
            held |= provenTo >= at + Hour ? bit : 0;
            heldToEnd |= provenTo >= end ? bit : 0;
        }

        long?[] OfHours(IEnumerable<KnownTotal> totals) =>
            [.. Enumerable.Range(0, CoveredHours.OfDay).Select(hour => totals.FirstOrDefault(total => total.At == start + (Hour * hour))?.Records)];
        var totals = facts.Totals.Where(total => total.Day == day).GroupBy(total => total.Metric, StringComparer.Ordinal)
            .Select(metric => new DayTotal(metric.Key, OfHours(metric), metric.FirstOrDefault(total => total.At is null)?.Records, metric.Min(total => total.AsOf)));
        var hours = found.GroupBy(hour => hour.Metric, StringComparer.Ordinal).Select(metric => new DayFound(
            metric.Key, metric.Sum(own => own.All), [.. Enumerable.Range(0, CoveredHours.OfDay).Select(hour => metric.Where(own => own.Hour == start + (Hour * hour)).Sum(own => own.All))]));
        return new DayFacts(held, heldToEnd, [.. totals], [.. hours]);
    }
}
