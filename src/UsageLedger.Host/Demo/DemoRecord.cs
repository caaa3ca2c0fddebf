using System.Text.Json;
using System.Text.Json.Serialization;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Host.Demo;

/// <summary>One usage record as a collector posts it.</summary>
/// <param name="UnitCost">Null: the vendor has no price for it yet.</param>
internal sealed record DemoRecord(
    string IdempotencyKey, string ClientId, string AgentId, string Provider, string Metric, decimal Quantity, string Unit,
    decimal? UnitCost, Instant OccurredAt)
{
    private static readonly JsonSerializerOptions Json = new(LedgerJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public string Source { get; } = "demo";

    /// <summary>Other content under a known key is meant as its revision.</summary>
    public bool? Revision { get; init; }

    [JsonIgnore]
    public decimal Cost => Quantity * (UnitCost ?? 0);

    public static byte[] Body(IEnumerable<DemoRecord> records) => JsonSerializer.SerializeToUtf8Bytes(records, Json);

    public byte[] Body() => JsonSerializer.SerializeToUtf8Bytes(this, Json);
}
