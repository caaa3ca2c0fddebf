using NodaTime;
using Quartz;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Collecting.Scheduling;

/// <summary>The times at which a schedule wants runs, in UTC.</summary>
public static class DueTimes
{
    private static readonly Duration Second = Duration.FromSeconds(1);

    /// <summary>Null for what is no schedule.</summary>
    public static CronExpression? Read(string schedule) =>
        CronText.ToQuartz(schedule) is { } cron && CronExpression.TryParse(cron, out var read) ? read.WithTimeZone(TimeZoneInfo.Utc) : null;

    /// <summary>The first time after this one.</summary>
    public static Instant? After(string schedule, Instant time) =>
        Read(schedule)?.GetNextValidTimeAfter(time.ToDateTimeOffset()) is { } next ? Instant.FromDateTimeOffset(next) : null;

    /// <summary>The last time up to this one: all hosts that fire late name the same.</summary>
    public static Instant? UpTo(string schedule, Instant time) =>
        Read(schedule)?.GetPreviousValidTimeBefore((time + Second).ToDateTimeOffset()) is { } last ? Instant.FromDateTimeOffset(last) : null;
}
