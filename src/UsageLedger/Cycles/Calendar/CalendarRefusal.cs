using NodaTime;

namespace UsageLedger.Cycles.Calendar;

/// <summary>Why a cycle rule cannot be; <paramref name="Member"/> is the member at fault.</summary>
public sealed record CalendarRefusal(string Code, string Member, string Message)
{
    private const int WeekdayMax = 7;
    private const int MonthDayMax = 31;

    internal static IReadOnlyList<CalendarRefusal> Of(DateTimeZone? zone, CyclePeriod? period, int anchorDay)
    {
        var refusals = new List<CalendarRefusal>();
        if (zone is null)
        {
            refusals.Add(new("unknown_time_zone", "timeZone", "timeZone must be an IANA time zone, such as Europe/Berlin."));
        }

        if (period is null)
        {
            refusals.Add(new("unknown_period", "period", "period must be monthly or weekly."));
        }

        var max = period == CyclePeriod.Weekly ? WeekdayMax : MonthDayMax;
        if (anchorDay < 1 || anchorDay > max)
        {
            var words = period == CyclePeriod.Weekly ? "1 (Monday) to 7 (Sunday) when weekly" : "1 to 31 when monthly";
            refusals.Add(new("anchor_day_out_of_range", "anchorDay", $"anchorDay must be {words}."));
        }

        return refusals;
    }

    /// <summary>Only names of the IANA database, in its own case; NodaTime would also take fixed offsets such as UTC+2.</summary>
    internal static DateTimeZone? ZoneOrNull(string id, IDateTimeZoneProvider? zones = null) =>
        (zones ?? DateTimeZoneProviders.Tzdb) is var known && known.Ids.Contains(id) ? known[id] : null;

    internal static CyclePeriod? PeriodOrNull(string? word) => word switch
    {
        null or "monthly" => CyclePeriod.Monthly,
        "weekly" => CyclePeriod.Weekly,
        _ => null
    };
}
