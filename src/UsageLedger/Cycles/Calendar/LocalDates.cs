using NodaTime;
using NodaTime.TimeZones;

namespace UsageLedger.Cycles.Calendar;

/// <summary>Where local dates begin on the one time line.</summary>
public static class LocalDates
{
    private static readonly ZoneLocalMappingResolver FirstInstant =
        Resolvers.CreateMappingResolver(Resolvers.ReturnEarlier, Resolvers.ReturnStartOfIntervalAfter);

    /// <summary>The earlier of two midnights; the first instant after the gap when midnight, or the whole date, was skipped.</summary>
    public static Instant StartIn(this LocalDate date, DateTimeZone zone) =>
        zone.ResolveLocal(date.AtMidnight(), FirstInstant).ToInstant();
}
