using System.Text.Json;
using NodaTime;
using UsageLedger.Answering;

namespace UsageLedger.Host.Demo;

/// <summary>One usage record as a program posts it.</summary>
internal sealed record DemoRecord(
    string IdempotencyKey, string ClientId, string Provider, string Metric, decimal Quantity, string Unit, decimal UnitCost, Instant OccurredAt)
{
    public static byte[] Body(IEnumerable<DemoRecord> records) => JsonSerializer.SerializeToUtf8Bytes(records, LedgerJson.Options);
}
