using NodaTime;
using NodaTime.Text;
using NodaTime.TimeZones;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Specs.Cycles;

/// <summary>Every zone of the IANA database once; links are left out, since they are the same clock under another name.</summary>
internal static class World
{
    public static readonly IReadOnlyList<DateTimeZone> Zones =
        [.. TzdbDateTimeZoneSource.Default.CanonicalIdMap.Values.Distinct().Order(StringComparer.Ordinal).Select(id => DateTimeZoneProviders.Tzdb[id])];

    public static readonly IReadOnlyList<(CyclePeriod Period, int AnchorDay)> Anchors =
    [
        .. new[] { 1, 15, 28, 29, 30, 31 }.Select(day => (CyclePeriod.Monthly, day)),
        .. Enumerable.Range(1, 7).Select(day => (CyclePeriod.Weekly, day))
    ];

    public static Instant At(string text) => InstantPattern.ExtendedIso.Parse(text).GetValueOrThrow();

    public static CycleRule Rule(string zone, CyclePeriod period, int anchorDay) =>
        CycleRule.TryCreate(zone, period == CyclePeriod.Weekly ? "weekly" : "monthly", anchorDay, out var rule, out var refusals)
            ? rule
            : throw new ArgumentException(string.Join(' ', refusals.Select(refusal => refusal.Message)));

    public static CycleRule Monthly(string zone, int anchorDay = 1) => Rule(zone, CyclePeriod.Monthly, anchorDay);

    public static CycleRule Weekly(string zone, int anchorDay = 1) => Rule(zone, CyclePeriod.Weekly, anchorDay);

    /// <summary>A cycle as one line: its name and its two instants.</summary>
    public static string Told(this Cycle? cycle) => cycle is null ? "none" : $"{cycle.Id} [{cycle.Start}, {cycle.End})";

    public static string Told(this LocalWindow window) => $"[{window.Start}, {window.End})";
}
