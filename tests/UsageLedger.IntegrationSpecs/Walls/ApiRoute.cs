using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Walls;

/// <summary>One route as the OpenAPI document tells it.</summary>
/// <param name="Scope">Null: it asks for no key.</param>
internal sealed record ApiRoute(string Method, string Path, string? Scope, JsonObject Operation)
{
    public string Name => $"{Method} {Path}";

    public bool IsRead => Method == "GET";

    /// <summary>Every route there is, as an outsider learns of them: what is added tomorrow is among them.</summary>
    public static async Task<IReadOnlyList<ApiRoute>> AllAsync(HttpClient client)
    {
        var document = JsonNode.Parse(await client.GetStringAsync("/openapi/v1.json"))!;
        return
        [
            .. from path in document["paths"]!.AsObject()
               from operation in path.Value!.AsObject()
               select new ApiRoute(
                   operation.Key.ToUpperInvariant(), path.Key, (string?)operation.Value!["x-required-scope"], operation.Value!.AsObject()),
        ];
    }

    /// <summary>The names of its parameters in the path or in the query, with their examples.</summary>
    public IEnumerable<(string Name, string? Example, bool Required)> Parameters(string place) =>
        (Operation["parameters"]?.AsArray() ?? [])
            .Where(parameter => (string?)parameter!["in"] == place)
            .Select(parameter => ((string)parameter!["name"]!, (string?)parameter["example"]?.ToString(), (bool?)parameter["required"] ?? false));
}
