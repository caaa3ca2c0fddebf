using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>A source by whole UTC days: what a share of its hours is made of, and no more.</summary>
/// <param name="Days">Those of which anything is known.</param>
internal sealed record CoveredDays(Instant Since, bool ListsRecords, IReadOnlyDictionary<LocalDate, DayKnown> Days)
{
    /// <summary>How many hours are expected in a time, and how many of them are covered.</summary>
    public (long Expected, long Covered) Within(Instant from, Instant to, Instant now)
    {
        var (first, limit) = CoverageRule.Expected(Since, ListsRecords, now);
        var (windowFirst, windowLimit) = (Instant.Max(first, CoverageRule.HourOf(from)), Instant.Min(limit, to));
        var (expected, covered) = (0L, 0L);
        for (var day = windowFirst.InUtc().Date; CoverageRule.StartOf(day) < windowLimit; day = day.PlusDays(1))
        {
            var window = CoveredHours.Between(CoverageRule.StartOf(day), windowFirst, windowLimit);
            var hours = CoveredHours.Of(day, Days.GetValueOrDefault(day), ListsRecords, Since, first, limit);
            expected += int.PopCount(hours.Expected & window);
            covered += int.PopCount(hours.Covered & window);
        }

        return (expected, covered);
    }
}
