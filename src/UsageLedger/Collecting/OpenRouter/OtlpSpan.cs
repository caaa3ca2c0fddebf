using System.Globalization;
using System.Text.Json;
using NodaTime;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>A span as OTLP/JSON writes it. A whole number may be a text, as the standard has it, or a number, as OpenRouter sends it.</summary>
internal sealed class OtlpSpan(JsonElement span)
{
    private const long NanosecondsPerMicrosecond = 1_000;
    private const long TicksPerMicrosecond = 10;

    private readonly Dictionary<string, JsonElement> attributes = span.Items("attributes")
        .Where(attribute => attribute.Text("key") is not null && attribute.Member("value") is not null)
        .GroupBy(attribute => attribute.Text("key")!, StringComparer.Ordinal)
        .ToDictionary(group => group.Key, group => group.First().GetProperty("value"), StringComparer.Ordinal);

    public bool IsRoot => string.IsNullOrEmpty(span.Text("parentSpanId"));

    /// <exception cref="FormatException">The span tells no end.</exception>
    public Instant EndedAt =>
        long.TryParse(span.Word("endTimeUnixNano"), NumberStyles.None, CultureInfo.InvariantCulture, out var at)
            ? Instant.FromUnixTimeTicks(at / NanosecondsPerMicrosecond * TicksPerMicrosecond)
            : throw new FormatException("endTimeUnixNano is no time");

    public string? Text(string name) => attributes.TryGetValue(name, out var value) ? value.Word("stringValue") ?? value.Word("intValue") : null;

    public bool IsTrue(string name) => attributes.TryGetValue(name, out var value) && (value.IsTrue("boolValue") || value.Text("stringValue") == "true");

    /// <exception cref="FormatException">It is there and is no number.</exception>
    public decimal? Number(string name) => attributes.TryGetValue(name, out var value)
        ? (value.Member("intValue") ?? value.Member("doubleValue") ?? value.Member("stringValue")) is { } figure
            ? VendorJson.Figure(figure, name)
            : throw new FormatException($"{name} is no number")
        : null;
}
