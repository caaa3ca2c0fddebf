using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>How long a window is on the wall clock.</summary>
public enum WindowSize
{
    Hour,
    Day,
    Month
}

/// <summary>One hour, day or month of a zone's wall clock as it was on the one time line: <c>[Start, End)</c>.</summary>
public readonly record struct LocalWindow(Instant Start, Instant End);

/// <summary>
/// The hours, days or months of a zone's wall clock. An hour that the clock shows twice is two windows, one that it skips is none.
/// Every boundary since 2000 is a quarter hour of UTC, so sums of quarter hours are exact.
/// </summary>
public sealed record LocalWindows(DateTimeZone Zone, WindowSize Size)
{
    private static readonly Duration Quarter = Duration.FromMinutes(15);

    /// <summary>The one window that holds this instant.</summary>
    public LocalWindow At(Instant instant) => Size switch
    {
        WindowSize.Hour => HourAt(instant),
        WindowSize.Day => DatesAt(instant, date => date, date => date.PlusDays(1)),
        _ => DatesAt(instant, date => date.With(DateAdjusters.StartOfMonth), date => date.PlusMonths(1))
    };

    /// <summary>The windows that share an instant with <c>[from, to)</c>, oldest first, at most so many.</summary>
    public IEnumerable<LocalWindow> Covering(Instant from, Instant to, int windowsMax)
    {
        var window = At(from);
        for (var count = 0; count < windowsMax && from < to && window.Start < to; count++)
        {
            yield return window;
            window = At(window.End);
        }
    }

    private LocalWindow DatesAt(Instant instant, Func<LocalDate, LocalDate> first, Func<LocalDate, LocalDate> next)
    {
        var date = first(instant.InZone(Zone).Date);

        // Clocks set back over midnight show the day before once more, when the next one has already begun.
        if (next(date).StartIn(Zone) <= instant)
        {
            date = next(date);
        }

        return new(date.StartIn(Zone), next(date).StartIn(Zone));
    }

    /// <summary>The quarter hours around this one in which the clock shows the same hour at the same offset.</summary>
    private LocalWindow HourAt(Instant instant)
    {
        var quarter = Instant.FromUnixTimeTicks(Floor(instant.ToUnixTimeTicks(), Quarter.BclCompatibleTicks));
        var shown = ShownIn(quarter);
        var (start, end) = (quarter, quarter + Quarter);
        while (ShownIn(start - Quarter) == shown)
        {
            start -= Quarter;
        }

        while (ShownIn(end) == shown)
        {
            end += Quarter;
        }

        return new(start, end);
    }

    /// <summary>Clocks set at an odd minute (St. John's at 00:01, until 2011) count as set when that quarter hour began.</summary>
    private (Offset Offset, long HourTicks) ShownIn(Instant quarter)
    {
        var offset = Zone.GetUtcOffset(quarter + Quarter - Duration.Epsilon);
        var local = quarter.ToUnixTimeTicks() + offset.Ticks;
        return (offset, Floor(local, NodaConstants.TicksPerHour));
    }

    private static long Floor(long ticks, long unit) => ticks - (((ticks % unit) + unit) % unit);
}
