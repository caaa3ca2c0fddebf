using System.Globalization;
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

    public static OpenApiSchema Schema
    {
        get
        {
            var schema = ExampleSchema.Of(JsonNode.Parse(Sample));
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
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Problem.MediaType] = new() { Schema = new OpenApiSchemaReference(SchemaName, document) }
            }
        });
}
