using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Receiving;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>Sources, credentials and deliveries as specs of vendors' words need them.</summary>
internal static class Vendors
{
    public static readonly Instant Now = Instant.FromUtc(2026, 11, 21, 12, 0);
    public static readonly NumberHash Numbers = new(new byte[32]);

    public static Source Source(string provider, params (string Name, string Value)[] settings) => new(
        "acme", provider + "-main", provider, new Uri("https://vendor.example"), null, Duration.FromDays(2),
        settings.ToDictionary(setting => setting.Name, setting => setting.Value));

    public static Credential Credential(params (string Name, string Value)[] values) =>
        new("c1", values.ToDictionary(value => value.Name, value => value.Value));

    public static WebhookDelivery Delivery(string body, params (string Name, string Value)[] headers) => new(
        "https://ledger.example/v1/webhooks/acme/main", headers.ToDictionary(header => header.Name, header => header.Value), Encoding.UTF8.GetBytes(body));

    public static JsonElement Json(string json) => JsonDocument.Parse(json).RootElement;

    public static UsageRecord At(this IEnumerable<UsageRecord> records, string key) => records.Single(record => record.IdempotencyKey == key);

    public static string? Attribute(this UsageRecord record, string name) =>
        record.Attributes.Where(attribute => attribute.Name == name).Select(attribute => attribute.Value).SingleOrDefault();

    public static string Written(IEnumerable<UsageRecord> records) =>
        string.Concat(records.Select(record => Encoding.UTF8.GetString(UsageRecordJson.Write(record).Utf8.Span)));
}
