using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using UsageLedger.Answering;

namespace UsageLedger.Host.OpenApi;

/// <summary>What a route answers when it refuses.</summary>
internal static class ProblemResponses
{
    public const string SchemaName = "Problem";

    private const string Sample = """
        {"type":"about:blank","title":"Unprocessable Entity","status":422,"detail":"name is missing.","code":"missing_member",
         "errors":[{"pointer":"/name","message":"name is missing.","code":"missing_member"}],"traceId":"0af7651916cd43dd8448eb211c80319c"}
        """;

    private static Dictionary<string, IOpenApiHeader> RetryAfter => new()
    {
        ["Retry-After"] = new OpenApiHeader { Description = "Seconds.", Schema = new OpenApiSchema { Type = JsonSchemaType.Integer } }
    };

    public static OpenApiSchema Schema
    {
        get
        {
            var schema = ExampleSchema.OfAnswer(JsonNode.Parse(Sample));
            schema.Description = "RFC 9457. code is stable; errors names places of the request: JSON pointers into the body, ?name for a query parameter.";
            schema.Required = new HashSet<string> { "type", "title", "status", "code", "errors", "traceId" };
            return schema;
        }
    }

    public static IEnumerable<KeyValuePair<string, IOpenApiResponse>> Of(IEnumerable<int> statuses, OpenApiDocument document) =>
        from status in statuses
        select KeyValuePair.Create<string, IOpenApiResponse>(status.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(status),
            Headers = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable ? RetryAfter : null,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.MediaType] = new() { Schema = new OpenApiSchemaReference(SchemaName, document), Example = Example(status) }
            }
        });

    /// <summary>As the ledger answers it; a command that is understood but refused tells which of its members are at fault.</summary>
    private static JsonNode Example(int status)
    {
        if (status == StatusCodes.Status422UnprocessableEntity)
        {
            return JsonNode.Parse(Sample)!;
        }

        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream))
        {
            StatusProblems.Of(status).WriteTo(json, "0af7651916cd43dd8448eb211c80319c");
        }

        return JsonNode.Parse(stream.ToArray())!;
    }
}
