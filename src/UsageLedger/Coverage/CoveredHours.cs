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
    public static (int Expected, int Covered) Of(LocalDate day, DayKnown known, bool listsRecords, Instant since, Instant first, Instant limit)
    {
        var (start, end) = (CoverageRule.StartOf(day), CoverageRule.StartOf(day.PlusDays(1)));
        var expected = Between(start, first, limit);
        var counted = expected & known.Counted;
        var missing = start >= since ? known.Missing : null;
        var isSettled = known.AsOf >= end + CoverageRule.SettledAfter;
        var proven = expected & (listsRecords ? known.Held : known.HeldToEnd);
        var ofHours = counted & ~known.Lacking & (isSettled ? expected : proven);
        var ofDay = missing > 0 ? (proven == expected ? 0 : proven)
            : missing == 0 && isSettled ? expected
            : proven;
        return (expected, ofHours | (ofDay & ~counted));
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
}
