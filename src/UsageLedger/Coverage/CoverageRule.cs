using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>
/// Decides what is covered. An hour is expected once it has been over for an hour (of a vendor that lists nothing: once its day has), and not
/// before collecting began. Where the vendor counts more than was found, it is not covered, whatever runs say; where it counts no more, it is,
/// once a completed run held it whole or the vendor was asked a day later. Where the vendor says nothing, the run decides.
/// </summary>
internal static class CoverageRule
{
    public const decimal CoverageGoal = 0.95m;
    public const decimal CaptureGoal = 0.995m;

    /// <summary>Vendors' totals of a day settle within another.</summary>
    public static readonly Duration SettledAfter = Duration.FromDays(1);

    private static readonly Duration Hour = Duration.FromHours(1);

    public static SourceCoverage Of(SourceFacts facts, Instant from, Instant to, Instant now)
    {
        var (first, limit) = Expected(facts.Since, facts.ListsRecords, now);
        var (windowFirst, windowLimit) = (Instant.Max(first, HourOf(from)), Instant.Min(limit, to));
        var (days, found) = (new List<DayJudgement>(), facts.Found.ToLookup(found => found.Hour.InUtc().Date));
        for (var day = windowFirst.InUtc().Date; StartOf(day) < windowLimit; day = day.PlusDays(1))
        {
            var judged = DayJudgement.Of(facts, day, [.. found[day]], first, limit);
            days.Add(judged with { Hours = [.. judged.Hours.Where(hour => hour.Hour >= windowFirst && hour.Hour < windowLimit)] });
        }

        var hours = days.SelectMany(day => day.Hours).ToList();
        var counted = facts.Found.Where(found => found.Hour >= windowFirst && found.Hour < windowLimit && facts.Counted.Contains(found.Metric)).ToList();
        var coverage = Ratio.Of(hours.Count(hour => hour.Covered), hours.Count);
        var capture = Ratio.Of(days.Sum(day => day.Captured), days.Sum(day => day.Total));
        return new SourceCoverage(
            facts.SourceId, facts.Provider, from, to, coverage, capture, Ratio.Of(counted.Sum(found => found.Pushed), counted.Sum(found => found.All)),
            new CoverageGoals(CoverageGoal, CaptureGoal, coverage is { } share ? share >= CoverageGoal : null, capture is { } rate ? rate > CaptureGoal : null),
            hours, days.ConvertAll(day => day.Told), CoverageHoles.Of(facts.SourceId, days));
    }

    /// <summary>The first hour that is expected, and the end of the last.</summary>
    public static (Instant First, Instant Limit) Expected(Instant since, bool listsRecords, Instant now)
    {
        var (first, over) = (HourOf(since), now - Hour);
        return (first, Instant.Max(first, listsRecords ? HourOf(over) : StartOf(over.InUtc().Date)));
    }

    public static Instant StartOf(LocalDate day) => day.AtMidnight().InUtc().ToInstant();

    public static Instant HourOf(Instant at) => Instant.FromUnixTimeSeconds(at.ToUnixTimeSeconds() - (((at.ToUnixTimeSeconds() % 3600) + 3600) % 3600));
}
