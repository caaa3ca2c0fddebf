using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Anomalies;

/// <summary>Hours of a tenant were held against what is usual, by what the log held up to a position.</summary>
/// <param name="From">When the first of the hours begins.</param>
/// <param name="To">When the last of them ends.</param>
/// <param name="Skipped">Clients with more lines than can be judged.</param>
/// <param name="Rules">Which rules judged; others may judge otherwise.</param>
/// <param name="TimeZones">The version of the time zone database by which hours of the week were told.</param>
public sealed record AnomaliesEvaluated(Instant From, Instant To, long Position, int Opened, int Resolved, int Skipped, string Rules, string TimeZones)
{
    public const string RulesNow = "1";

    public NewEvent ToEvent(string tenant) => new(
        DeterministicId.Of(EventTypes.AnomaliesEvaluated, tenant, Rfc3339.Format(From)), StreamNames.AnomalyHours, EventTypes.AnomaliesEvaluated,
        new CanonicalJsonWriter().StartObject()
            .Member("from", Rfc3339.Format(From))
            .Member("opened", AnomalyEvents.Text(Opened))
            .Member("position", AnomalyEvents.Text(Position))
            .Member("resolved", AnomalyEvents.Text(Resolved))
            .Member("rules", Rules)
            .Member("skipped", AnomalyEvents.Text(Skipped))
            .Member("timeZones", TimeZones)
            .Member("to", Rfc3339.Format(To))
            .EndObject().Take());

    public static AnomaliesEvaluated Read(CanonicalJson data)
    {
        using var json = JsonDocument.Parse(data.Utf8);
        var root = json.RootElement;
        return new AnomaliesEvaluated(
            Time(root, "from"), Time(root, "to"), Whole(root, "position"), (int)Whole(root, "opened"), (int)Whole(root, "resolved"),
            (int)Whole(root, "skipped"), root.GetProperty("rules").GetString()!, root.GetProperty("timeZones").GetString()!);
    }

    private static Instant Time(JsonElement root, string name) => InstantPattern.ExtendedIso.Parse(root.GetProperty(name).GetString()!).Value;

    private static long Whole(JsonElement root, string name) => long.Parse(root.GetProperty(name).GetString()!, CultureInfo.InvariantCulture);
}
