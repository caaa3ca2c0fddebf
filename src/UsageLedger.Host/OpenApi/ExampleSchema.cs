using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.OpenApi;

namespace UsageLedger.Host.OpenApi;

/// <summary>The schema that an example shows: the names, types and forms that it holds. An example's null may be anything.</summary>
internal static partial class ExampleSchema
{
    private const string DecimalPattern = @"^-?[0-9]+(\.[0-9]+)?$";

    /// <summary>Objects whose members the caller names.</summary>
    private static readonly HashSet<string> FreeObjects = new(StringComparer.Ordinal) { "attributes", "settings", "values" };

    /// <summary>Of a body that is sent: a decimal may come as a number too.</summary>
    public static OpenApiSchema OfRequest(JsonNode? example, IReadOnlyList<string> required) =>
        Of(example, required, JsonSchemaType.String | JsonSchemaType.Number);

    /// <summary>Of an answer: the members of the whole are always there, those of its parts where they apply.</summary>
    public static OpenApiSchema OfAnswer(JsonNode? example) =>
        Of(example, example is JsonObject members ? [.. members.Select(member => member.Key)] : [], JsonSchemaType.String);

    private static OpenApiSchema Of(JsonNode? example, IReadOnlyList<string> required, JsonSchemaType decimals) => example switch
    {
        JsonObject members => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = members.ToDictionary(member => member.Key, IOpenApiSchema (member) => OfMember(member.Key, member.Value, decimals)),
            Required = required.ToHashSet()
        },
        JsonArray items => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(items.FirstOrDefault(), required, decimals) },
        JsonValue value => OfValue(value, decimals),
        _ => new OpenApiSchema()
    };

    private static OpenApiSchema OfMember(string name, JsonNode? value, JsonSchemaType decimals) =>
        FreeObjects.Contains(name) && value is JsonObject
            ? new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.String } }
            : Of(value, [], decimals);

    private static OpenApiSchema OfValue(JsonValue value, JsonSchemaType decimals) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => new OpenApiSchema { Type = JsonSchemaType.Boolean },

        // The only numbers in answers count something; amounts are strings.
        JsonValueKind.Number => new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int64" },
        _ => OfText(value.GetValue<string>(), decimals)
    };

    private static OpenApiSchema OfText(string text, JsonSchemaType decimals) =>
        Decimals().IsMatch(text) ? new OpenApiSchema { Type = decimals, Format = "decimal", Pattern = DecimalPattern }
        : new OpenApiSchema
        {
            Type = JsonSchemaType.String,
            Format = Instants().IsMatch(text) ? "date-time" : Guid.TryParseExact(text, "D", out _) ? "uuid" : null
        };

    [GeneratedRegex(DecimalPattern)]
    private static partial Regex Decimals();

    [GeneratedRegex(@"^\d{4}-\d{2}-\d{2}T[0-9:.]+Z$")]
    private static partial Regex Instants();
}
