using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>
/// Decides which hours of a UTC day are expected, and which of them are covered, as <see cref="CoverageRule"/> tells: a bit for each hour, the
/// lowest for the first.
/// </summary>
internal static class CoveredHours
{
    public const int OfDay = 24;
    private static readonly Duration Day = Duration.FromHours(OfDay);

    /// <param name="since">When collecting began: of a day in which it did, the vendor counts what was never expected.</param>
    /// <param name="first">The first hour of all that is expected.</param>
    /// <param name="limit">The end of the last: an hour that is not over yet tells nothing.</param>
    public static (int Expected, int Covered) Of(DayFacts day, bool listsRecords, Instant since, Instant first, Instant limit)
    {
        var (start, end) = (CoverageRule.StartOf(day.Day), CoverageRule.StartOf(day.Day.PlusDays(1)));
        var expected = Between(start, first, limit);
        var (known, lacking) = (0, 0);
        var (missing, oldest) = ((long?)null, Instant.MaxValue);
        foreach (var total in day.Totals)
        {
            if (total.Records is { } records && start >= since)
            {
                missing = (missing ?? 0) + Math.Max(0, records - Found(day, total));
                oldest = Instant.Min(oldest, total.AsOf);
            }

            var (counted, less) = Hours(day, total, expected);
            (known, lacking) = (known | counted, lacking | less);
            oldest = counted == 0 ? oldest : Instant.Min(oldest, total.AsOf);
        }

        var isSettled = (known != 0 || missing is not null) && oldest >= end + CoverageRule.SettledAfter;
        var proven = expected & (listsRecords ? day.Held : day.HeldToEnd);
        var ofHours = known & ~lacking & (isSettled ? expected : proven);
        var ofDay = missing > 0 ? (proven == expected ? 0 : proven)
            : missing == 0 && isSettled ? expected
            : proven;
        return (expected, ofHours | (ofDay & ~known));
    }

    /// <summary>The hours of a day that begin in a time.</summary>
    public static int Between(Instant start, Instant from, Instant to)
    {
        var (first, limit) = (HoursUpTo(start, from), HoursUpTo(start, to));
        return limit <= first ? 0 : ((1 << limit) - 1) & ~((1 << first) - 1);
    }

    /// <summary>How many hours of the day begin before.</summary>
    private static int HoursUpTo(Instant start, Instant at) =>
        at <= start ? 0
        : at >= start + Day ? OfDay
        : (int)(((at - start).BclCompatibleTicks + NodaConstants.TicksPerHour - 1) / NodaConstants.TicksPerHour);

    /// <summary>The expected hours that the vendor counts, and those of them in which it counts more than was found.</summary>
    private static (int Known, int Lacking) Hours(DayFacts day, DayTotal total, int expected)
    {
        var (known, lacking) = (0, 0);
        for (var hour = 0; total.Hours is { } hours && hour < OfDay; hour++)
        {
            if (hours[hour] is { } records && (expected & (1 << hour)) != 0)
            {
                known |= 1 << hour;
                lacking |= records > FoundIn(day, total, hour) ? 1 << hour : 0;
            }
        }

        return (known, lacking);
    }

    private static long Found(DayFacts day, DayTotal total)
    {
        var found = 0L;
        foreach (var metric in day.Found)
        {
            found += total.Counts(metric.Metric) ? metric.Records : 0;
        }

        return found;
    }

    private static long FoundIn(DayFacts day, DayTotal total, int hour)
    {
        var found = 0L;
        foreach (var metric in day.Found)
        {
            found += metric.Hours is { } hours && total.Counts(metric.Metric) ? hours[hour] : 0;
        }

        return found;
    }
}
