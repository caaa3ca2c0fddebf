using System.Text.Json;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Collecting.Sources;

/// <summary>A source was configured, or configured anew.</summary>
public sealed record SourceConfigured(Source Source)
{
    public CanonicalJson ToCanonical()
    {
        var json = new CanonicalJsonWriter().StartObject()
            .Member("baseUrl", Source.BaseUrl.AbsoluteUri)
            .Member("lookBack", LookBack.Format(Source.LookBack))
            .Member("provider", Source.Provider);
        if (Source.Schedule is { } schedule)
        {
            json.Member("schedule", schedule);
        }

        json.Name("settings").StartObject();
        foreach (var (name, value) in Source.Settings.OrderBy(setting => setting.Key, StringComparer.Ordinal))
        {
            json.Member(name, value);
        }

        return json.EndObject().Member("sourceId", Source.Id).EndObject().Take();
    }

    public static SourceConfigured Read(StoredEvent stored)
    {
        using var json = JsonDocument.Parse(stored.Data.Utf8);
        var root = json.RootElement;
        return new SourceConfigured(new Source(
            stored.Tenant,
            root.GetProperty("sourceId").GetString()!,
            root.GetProperty("provider").GetString()!,
            new Uri(root.GetProperty("baseUrl").GetString()!),
            root.TryGetProperty("schedule", out var schedule) ? schedule.GetString() : null,
            LookBack.Parse(root.GetProperty("lookBack").GetString()!)!.Value,
            root.GetProperty("settings").EnumerateObject()
                .ToDictionary(setting => setting.Name, setting => setting.Value.GetString()!, StringComparer.Ordinal)));
    }
}
