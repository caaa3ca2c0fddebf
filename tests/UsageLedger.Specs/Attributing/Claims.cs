using NodaTime;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Attributing;

/// <summary>Mappings and records as short as a spec can say them.</summary>
internal static class Claims
{
    public static readonly NumberHash Numbers = new([.. Enumerable.Range(0, 32).Select(i => (byte)i)]);

    public static readonly Instant Noon = Instant.FromUtc(2026, 10, 5, 12, 0);

    public static MappingKey Key(string text) => MappingKeyReader.Read(text, Numbers).ShouldNotBeNull(text);

    public static Mapping Mapping(string key, string client, Instant? from = null, Instant? to = null, string? agent = null, string? id = null) =>
        new(id ?? $"{key}-{client}", "retell", Key(key), client, agent, from, to);

    public static UsageRecord Record(Instant at, params (string Name, string Value)[] attributes) => new()
    {
        Source = "retell-main",
        IdempotencyKey = "call:1:llm",
        Provider = "retell",
        Metric = "retell.llm",
        Quantity = 61m,
        Unit = "second",
        Cost = 0.12m,
        Currency = "USD",
        OccurredAt = at,
        Attributes = [.. attributes.OrderBy(one => one.Name, StringComparer.Ordinal).Select(one => new NamedText(one.Name, one.Value))],
    };
}
