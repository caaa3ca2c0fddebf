using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace UsageLedger.Host.OpenApi;

/// <summary>The schema that an example shows: the names and types that it holds. An example's null may be anything.</summary>
internal static class ExampleSchema
{
    public static OpenApiSchema Of(JsonNode? example) => example switch
    {
        JsonObject members => new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Properties = members.ToDictionary(member => member.Key, member => (IOpenApiSchema)Of(member.Value))
        },
        JsonArray items => new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(items.FirstOrDefault()) },
        JsonValue value => new OpenApiSchema { Type = TypeOf(value) },
        _ => new OpenApiSchema()
    };

    private static JsonSchemaType TypeOf(JsonValue value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => JsonSchemaType.Boolean,

        // The only numbers in answers count something; amounts are strings.
        JsonValueKind.Number => JsonSchemaType.Integer,
        _ => JsonSchemaType.String
    };
}
