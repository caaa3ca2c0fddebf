using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Coverage;

/// <summary>A UTC day of a tenant was complete: every source collected beyond its end, and that in all read models. Told once.</summary>
/// <param name="Head">The position that all read models had reached.</param>
/// <param name="CollectedAt">When the last source had been collected beyond the day; null: the tenant has no source.</param>
/// <param name="LastSource">Which one that was.</param>
/// <param name="CompleteAt">When it was seen that all of it was in the read models.</param>
internal sealed record DayRolledUp(LocalDate Day, long Head, Instant? CollectedAt, string? LastSource, Instant CompleteAt)
{
    public NewEvent ToEvent(string tenant)
    {
        var day = LocalDatePattern.Iso.Format(Day);
        var json = new CanonicalJsonWriter().StartObject();
        if (CollectedAt is { } collected)
        {
            json.Member("collectedAt", Rfc3339.Format(collected));
        }

        json.Member("completeAt", Rfc3339.Format(CompleteAt)).Member("day", day).Member("head", Head.ToString(System.Globalization.CultureInfo.InvariantCulture));
        if (LastSource is { } last)
        {
            json.Member("lastSource", last);
        }

        return new NewEvent(
            DeterministicId.Of(EventTypes.DayRolledUp, tenant, day), StreamNames.Rollups, EventTypes.DayRolledUp, json.EndObject().Take());
    }

    public static DayRolledUp Read(StoredEvent stored)
    {
        using var json = JsonDocument.Parse(stored.Data.Utf8);
        var root = json.RootElement;
        string? Text(string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;
        return new DayRolledUp(
            LocalDatePattern.Iso.Parse(Text("day")!).Value, long.Parse(Text("head")!, System.Globalization.CultureInfo.InvariantCulture),
            Text("collectedAt") is { } collected ? Time(collected) : null, Text("lastSource"), Time(Text("completeAt")!));
    }

    private static Instant Time(string text) => InstantPattern.ExtendedIso.Parse(text).Value;
}
