using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>How time is cut into cycles: a zone, a period and the day that begins it.</summary>
/// <remarks>Monthly: day 1 to 31, the last day of months that are shorter. Weekly: ISO day 1 (Monday) to 7 (Sunday).</remarks>
public sealed record CycleRule
{
    /// <summary>That of a client nobody registered.</summary>
    public static readonly CycleRule Default = new(DateTimeZoneProviders.Tzdb["UTC"], CyclePeriod.Monthly, 1);

    private const int FirstYear = 1900;
    private const int LastYear = 9990;

    private CycleRule(DateTimeZone zone, CyclePeriod period, int anchorDay) =>
        (Zone, Period, AnchorDay) = (zone, period, anchorDay);

    public DateTimeZone Zone { get; }

    public CyclePeriod Period { get; }

    public int AnchorDay { get; }

    /// <summary>A rule, or every reason why there is none; absent parts are those of <see cref="Default"/>.</summary>
    /// <param name="zones">What time zones are; null: what this program knows of them.</param>
    public static bool TryCreate(
        string? timeZone, string? period, int? anchorDay, out CycleRule rule, out IReadOnlyList<CalendarRefusal> refusals,
        IDateTimeZoneProvider? zones = null)
    {
        var zone = timeZone is null ? Default.Zone : CalendarRefusal.ZoneOrNull(timeZone, zones);
        var known = CalendarRefusal.PeriodOrNull(period);
        var day = anchorDay ?? 1;
        refusals = CalendarRefusal.Of(zone, known, day);
        rule = refusals.Count > 0 ? Default : new CycleRule(zone!, known!.Value, day);
        return refusals.Count == 0;
    }

    /// <summary>The one cycle that holds this instant.</summary>
    public Cycle CycleAt(Instant instant)
    {
        var anchor = AnchorUpTo(instant.InZone(Zone).Date);
        var next = AnchorAfter(anchor);

        // Clocks set back over midnight show the day before once more, when the next cycle has already begun.
        return Beginning(next.StartIn(Zone) <= instant ? next : anchor);
    }

    /// <summary>The cycle of that name; null when none begins on the date.</summary>
    public Cycle? CycleOf(CycleId id) =>
        id.Date.Year is >= FirstYear and <= LastYear && AnchorUpTo(id.Date) == id.Date ? Beginning(id.Date) : null;

    internal LocalDate AnchorAfter(LocalDate date)
    {
        var anchor = AnchorUpTo(date);
        return Period == CyclePeriod.Weekly
            ? anchor.PlusWeeks(1)
            : AnchorIn(anchor.ToYearMonth().PlusMonths(1));
    }

    private LocalDate AnchorUpTo(LocalDate date)
    {
        if (Period == CyclePeriod.Weekly)
        {
            return date.PlusDays(-(((int)date.DayOfWeek - AnchorDay + 7) % 7));
        }

        var anchor = AnchorIn(date.ToYearMonth());
        return anchor <= date ? anchor : AnchorIn(date.ToYearMonth().PlusMonths(-1));
    }

    private LocalDate AnchorIn(YearMonth month) =>
        month.OnDayOfMonth(Math.Min(AnchorDay, CalendarSystem.Iso.GetDaysInMonth(month.Year, month.Month)));

    private Cycle Beginning(LocalDate anchor) =>
        new(new CycleId(anchor), anchor.StartIn(Zone), AnchorAfter(anchor).StartIn(Zone));
}
