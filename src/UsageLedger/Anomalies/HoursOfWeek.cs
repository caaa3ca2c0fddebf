using NodaTime;

namespace UsageLedger.Anomalies;

/// <summary>
/// The hour that is judged with those right before it, and the same hours by the client's own clock in the weeks before: so that an office
/// that opens at nine opens at nine in summer and in winter. Hours are counted from 1970 in UTC.
/// </summary>
public sealed class HoursOfWeek
{
    /// <summary>Weeks looked back at.</summary>
    public const int WeeksMax = 8;

    /// <summary>Hours looked at together: the one that is judged is the last of them.</summary>
    public const int HoursMax = 6;

    private readonly long[] hours = new long[(WeeksMax + 1) * HoursMax];

    private HoursOfWeek(Instant hour) => Hour = hour;

    /// <summary>When the hour begins that is judged.</summary>
    public Instant Hour { get; }

    public long this[int weeksBack, int hoursBack] => hours[(weeksBack * HoursMax) + hoursBack];

    public static HoursOfWeek Of(Instant hour, DateTimeZone zone)
    {
        var all = new HoursOfWeek(hour);
        for (var back = 0; back < HoursMax; back++)
        {
            var instant = hour - Duration.FromHours(back);
            var local = instant.InZone(zone).LocalDateTime;
            all.hours[back] = Number(instant);
            for (var weeks = 1; weeks <= WeeksMax; weeks++)
            {
                all.hours[(weeks * HoursMax) + back] = Number(local.PlusWeeks(-weeks).InZoneLeniently(zone).ToInstant());
            }
        }

        return all;
    }

    public static long Number(Instant instant) => instant.ToUnixTimeSeconds() / NodaConstants.SecondsPerHour;

    public static Instant Start(long number) => Instant.FromUnixTimeSeconds(number * NodaConstants.SecondsPerHour);
}
