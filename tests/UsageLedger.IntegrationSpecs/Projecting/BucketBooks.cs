using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Projecting;

/// <summary>Usage by quarter hour of its occurrence, counted state by state with no SQL: the last state of what is not voided.</summary>
internal static class BucketBooks
{
    /// <summary>Every bucket that holds anything, in the form of <see cref="RowsAsync"/>.</summary>
    public static async Task<List<string>> OfAsync(SpecLog log)
    {
        var states = new Dictionary<string, JsonElement>();
        await foreach (var stored in log.Reader.RangeAsync(0, await log.HeadAsync(), default))
            Apply(states, stored);

        return [.. states.Values.GroupBy(Bucket).Select(bucket => FormattableString.Invariant(
            $"{bucket.Key} {Sum(bucket, "quantity")} {Sum(bucket, "cost")} {bucket.Count()} {bucket.Count(state => Text(state, "cost") is null)}")).Order(StringComparer.Ordinal)];
    }

    public static async Task<List<string>> RowsAsync(SpecLog log)
    {
        var rows = await log.RowsAsync("""
            select coalesce(client_id, '-'), to_char(quarter_hour, 'YYYY-MM-DD HH24:MI'), provider, metric, coalesce(agent_id, '-'), coalesce(resource_id, '-'), unit, currency,
                   trim_scale(quantity)::text, trim_scale(cost)::text, records, pending
            from read.usage_buckets where records <> 0 or quantity <> 0 or cost <> 0 or pending <> 0
            """);
        return [.. rows.Order(StringComparer.Ordinal)];
    }

    private static void Apply(Dictionary<string, JsonElement> states, StoredEvent stored)
    {
        var json = JsonElement.Parse(stored.Data.Utf8.Span);
        if (stored.Type == EventTypes.UsageRecorded)
            states[Text(json, "idempotencyKey")!] = json;
        else if (stored.Type == EventTypes.UsageRevised)
            states[Text(json.GetProperty("current"), "idempotencyKey")!] = json.GetProperty("current");
        else if (stored.Type == EventTypes.UsageVoided)
            states.Remove(Text(json.GetProperty("previous"), "idempotencyKey")!);
    }

    private static string Bucket(JsonElement state)
    {
        var at = InstantPattern.ExtendedIso.Parse(Text(state, "occurredAt")!).Value.ToUnixTimeSeconds();
        var quarter = InstantPattern.CreateWithInvariantCulture("uuuu-MM-dd HH:mm").Format(Instant.FromUnixTimeSeconds(at - at % 900));
        return string.Join(
            ' ', Text(state, "clientId") ?? "-", quarter, Text(state, "provider"), Text(state, "metric"), Text(state, "agentId") ?? "-", Text(state, "resourceId") ?? "-", Text(state, "unit"), Text(state, "currency"));
    }

    private static string Sum(IEnumerable<JsonElement> states, string member) => states
        .Sum(state => Text(state, member) is { } text ? decimal.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture) : 0)
        .ToString("0.############################", CultureInfo.InvariantCulture);

    private static string? Text(JsonElement state, string name) => state.TryGetProperty(name, out var value) ? value.GetString() : null;
}
