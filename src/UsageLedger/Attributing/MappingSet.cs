using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Attributing;

/// <summary>A mapping was made, or replaced by another under its id.</summary>
public sealed record MappingSet(Mapping Mapping)
{
    public CanonicalJson ToCanonical()
    {
        var json = new CanonicalJsonWriter().StartObject();
        Optional(json, "agentId", Mapping.AgentId);
        json.Member("clientId", Mapping.ClientId).Member("key", Mapping.Key.Kept);
        Optional(json, "lastDigits", Mapping.Key.LastDigits);
        json.Member("mappingId", Mapping.Id).Member("provider", Mapping.Provider);
        Optional(json, "validFrom", Mapping.ValidFrom is { } from ? Rfc3339.Format(from) : null);
        Optional(json, "validTo", Mapping.ValidTo is { } to ? Rfc3339.Format(to) : null);
        return json.EndObject().Take();
    }

    public static MappingSet Read(CanonicalJson data)
    {
        using var json = JsonDocument.Parse(data.Utf8);
        var root = json.RootElement;
        return new MappingSet(new Mapping(
            root.GetProperty("mappingId").GetString()!,
            root.GetProperty("provider").GetString()!,
            MappingKeyReader.Kept(root.GetProperty("key").GetString()!, Text(root, "lastDigits"))!,
            root.GetProperty("clientId").GetString()!,
            Text(root, "agentId"),
            Time(root, "validFrom"),
            Time(root, "validTo")));
    }

    private static void Optional(CanonicalJsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.Member(name, value);
        }
    }

    private static string? Text(JsonElement root, string name) => root.TryGetProperty(name, out var value) ? value.GetString() : null;

    private static Instant? Time(JsonElement root, string name) =>
        Text(root, name) is { } text ? InstantPattern.ExtendedIso.Parse(text).Value : null;
}
