using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using UsageLedger.Answering;

namespace UsageLedger.Host.OpenApi;

/// <summary>What a route is sent and what it answers, with the examples that it gives itself.</summary>
internal static class RouteBodies
{
    public static OpenApiRequestBody? Request(RouteEndpoint route)
    {
        var required = route.Metadata.GetMetadata<RequiredMembers>()?.Names ?? [];
        var forms = route.Metadata.GetOrderedMetadata<RouteExample>().Where(example => example.Request is not null)
            .Select(example => (Type: example.RequestType, Text: example.Request!)).Distinct().ToList();
        return forms.Count == 0 ? null : new OpenApiRequestBody
        {
            Required = required.Count > 0,
            Content = Content(forms, example => ExampleSchema.OfRequest(example, required))
        };
    }

    public static IEnumerable<KeyValuePair<string, IOpenApiResponse>> Answers(RouteEndpoint route) =>
        from answers in route.Metadata.GetOrderedMetadata<RouteExample>().GroupBy(example => example.Status)
        let forms = answers.Where(answer => answer.Response is not null).Select(answer => (answer.ResponseType, answer.Response!)).Distinct()
        select KeyValuePair.Create<string, IOpenApiResponse>(answers.Key.ToString(CultureInfo.InvariantCulture), new OpenApiResponse
        {
            Description = ReasonPhrases.GetReasonPhrase(answers.Key),
            Content = Content(forms, ExampleSchema.OfAnswer)
        });

    private static Dictionary<string, OpenApiMediaType> Content(IEnumerable<(string Type, string Text)> forms, Func<JsonNode?, OpenApiSchema> schema) =>
        forms.GroupBy(form => form.Type).ToDictionary(
            type => type.Key,
            type => MediaType([.. type.Select(form => Node(form.Type, form.Text))], schema));

    private static OpenApiMediaType MediaType(IReadOnlyList<JsonNode?> forms, Func<JsonNode?, OpenApiSchema> schema) => forms.Count == 1
        ? new OpenApiMediaType { Schema = schema(forms[0]), Example = forms[0] }
        : new OpenApiMediaType
        {
            Schema = new OpenApiSchema { AnyOf = [.. forms.Select(schema)] },
            Examples = forms.Index().ToDictionary(
                form => string.Create(CultureInfo.InvariantCulture, $"form{form.Index + 1}"),
                IOpenApiExample (form) => new OpenApiExample { Value = form.Item })
        };

    /// <summary>What is JSON is told as JSON, all else as text.</summary>
    private static JsonNode? Node(string mediaType, string example) =>
        mediaType.EndsWith("json", StringComparison.Ordinal) && !mediaType.EndsWith("ndjson", StringComparison.Ordinal)
            ? JsonNode.Parse(example)
            : JsonValue.Create(example);
}
