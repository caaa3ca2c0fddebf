using System.Collections.ObjectModel;
using NodaTime;
using NodaTime.TimeZones;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>A time zone database of another version, in which zones have the clocks that others have today.</summary>
internal sealed class OtherZones(string versionId, IReadOnlyDictionary<string, string> clocks) : IDateTimeZoneProvider
{
    private readonly Dictionary<string, DateTimeZone> changed = clocks.ToDictionary(
        clock => clock.Key, clock => (DateTimeZone)new ZoneLike(clock.Key, DateTimeZoneProviders.Tzdb[clock.Value]));

    /// <summary>Every zone of <see cref="CycleWorld"/> moved, by a quarter of an hour to a day.</summary>
    public static readonly OtherZones Moved = new("spec-2", new Dictionary<string, string>
    {
        ["Europe/Berlin"] = "Europe/Helsinki",
        ["America/Sao_Paulo"] = "America/New_York",
        ["Pacific/Apia"] = "Pacific/Pago_Pago",
        ["Asia/Kathmandu"] = "Asia/Dhaka",
        ["Australia/Lord_Howe"] = "Australia/Sydney",
        ["America/St_Johns"] = "America/Halifax",
    });

    public string VersionId => versionId;

    public ReadOnlyCollection<string> Ids => DateTimeZoneProviders.Tzdb.Ids;

    public DateTimeZone this[string id] => changed.GetValueOrDefault(id) ?? DateTimeZoneProviders.Tzdb[id];

    public DateTimeZone GetSystemDefault() => throw new NotSupportedException();

    public DateTimeZone? GetZoneOrNull(string id) => changed.GetValueOrDefault(id) ?? DateTimeZoneProviders.Tzdb.GetZoneOrNull(id);

    private sealed class ZoneLike(string id, DateTimeZone clock) : DateTimeZone(id, false, clock.MinOffset, clock.MaxOffset)
    {
        public override ZoneInterval GetZoneInterval(Instant instant) => clock.GetZoneInterval(instant);
    }
}
