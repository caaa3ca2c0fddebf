using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Demo;

/// <summary>Holds an answer against the one that a page shows.</summary>
internal static class JsonLikeness
{
    private const string Anything = "...";

    /// <summary>Where the two differ; where the page has <c>...</c> any value will do.</summary>
    public static IEnumerable<string> Differences(JsonNode? shown, JsonNode? real, string at = "") => (shown, real) switch
    {
        (JsonValue value, _) when value.TryGetValue(out string? text) && text == Anything => [],
        (JsonObject one, JsonObject other) => one.Select(member => member.Key).Union(other.Select(member => member.Key))
            .SelectMany(name => one.ContainsKey(name) && other.ContainsKey(name)
                ? Differences(one[name], other[name], $"{at}/{name}")
                : [$"{at}/{name} is only {(one.ContainsKey(name) ? "on the page" : "in the answer")}"]),
        (JsonArray one, JsonArray other) when one.Count == other.Count =>
            Enumerable.Range(0, one.Count).SelectMany(index => Differences(one[index], other[index], $"{at}/{index}")),
        _ => JsonNode.DeepEquals(shown, real) ? [] : [$"{at} is {Text(shown)} on the page and {Text(real)} in the answer"]
    };

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "null";
}
