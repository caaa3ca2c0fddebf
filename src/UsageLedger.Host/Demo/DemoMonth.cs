using System.Globalization;
using NodaTime;

namespace UsageLedger.Host.Demo;

/// <summary>The month before this one, by the calendar of UTC: over everywhere but far in the west, and the same at every run of a month.</summary>
internal sealed record DemoMonth(YearMonth Month)
{
    public static DemoMonth Before(Instant now) => new(now.InUtc().Date.ToYearMonth().PlusMonths(-1));

    public string Id => Month.ToString("uuuu-MM", CultureInfo.InvariantCulture);

    public string Name => Month.ToString("MMMM uuuu", CultureInfo.InvariantCulture);

    public Instant Start => StartOf(Month);

    public Instant End => StartOf(Month.PlusMonths(1));

    /// <summary>Noon in the middle of the month: inside one cycle of every client.</summary>
    public Instant Middle => Month.OnDayOfMonth(20).At(new LocalTime(12, 0)).InUtc().ToInstant();

    private static Instant StartOf(YearMonth month) => month.OnDayOfMonth(1).AtMidnight().InUtc().ToInstant();
}
