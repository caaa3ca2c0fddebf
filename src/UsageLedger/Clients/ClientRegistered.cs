using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Clients;

/// <summary>A client's name, calendar and currency were agreed, or agreed anew.</summary>
/// <param name="EffectiveFrom">When a changed calendar takes over: the end of the cycle open at the time. Null: from the beginning.</param>
public sealed record ClientRegistered(
    string ClientId, string Name, string TimeZone, string Period, int AnchorDay, int GraceDays, string Currency, Instant? EffectiveFrom)
{
    public CanonicalJson ToCanonical()
    {
        var json = new CanonicalJsonWriter().StartObject()
            .Member("anchorDay", AnchorDay.ToString(CultureInfo.InvariantCulture))
            .Member("clientId", ClientId)
            .Member("currency", Currency);
        if (EffectiveFrom is { } from)
        {
            json.Member("effectiveFrom", Rfc3339.Format(from));
        }

        return json
            .Member("graceDays", GraceDays.ToString(CultureInfo.InvariantCulture))
            .Member("name", Name)
            .Member("period", Period)
            .Member("timeZone", TimeZone)
            .EndObject().Take();
    }

    public static ClientRegistered Read(CanonicalJson data)
    {
        using var json = JsonDocument.Parse(data.Utf8);
        var root = json.RootElement;
        return new ClientRegistered(
            root.GetProperty("clientId").GetString()!,
            root.GetProperty("name").GetString()!,
            root.GetProperty("timeZone").GetString()!,
            root.GetProperty("period").GetString()!,
            int.Parse(root.GetProperty("anchorDay").GetString()!, CultureInfo.InvariantCulture),
            int.Parse(root.GetProperty("graceDays").GetString()!, CultureInfo.InvariantCulture),
            root.GetProperty("currency").GetString()!,
            root.TryGetProperty("effectiveFrom", out var from) ? InstantPattern.ExtendedIso.Parse(from.GetString()!).Value : null);
    }
}
