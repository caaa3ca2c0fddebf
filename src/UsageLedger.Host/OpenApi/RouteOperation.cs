using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Host.OpenApi;

/// <summary>One method of one route, described by what the route says of itself.</summary>
internal static class RouteOperation
{
    public const string ScopeExtension = "x-required-scope";

    public static OpenApiOperation Of(RouteEndpoint route, HttpMethod method, OpenApiDocument document)
    {
        var scope = route.Metadata.GetMetadata<RouteAccess>()?.Scope;
        var examples = route.Metadata.GetOrderedMetadata<RouteExample>();
        var operation = new OpenApiOperation
        {
            OperationId = route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? IdOf(route, method),
            Summary = route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
            Description = route.Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description,
            Security = scope is null ? [] : [Security.Requirement(document)],
            Parameters = [.. RouteParameters.Of(route, method)],
            RequestBody = RequestBodyOf(examples),
            Responses = ResponsesOf(route, examples, document)
        };
        if (scope is { } required)
        {
            operation.AddExtension(ScopeExtension, new JsonNodeExtension(Scopes.NameOf(required)));
        }

        return operation;
    }

    /// <summary>Such as <c>get-v1-clients-clientId</c>.</summary>
    private static string IdOf(RouteEndpoint route, HttpMethod method) =>
        method.Method.ToLowerInvariant() + RoutePath.Of(route).Replace('/', '-').Replace("{", "", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);

    private static OpenApiRequestBody? RequestBodyOf(IReadOnlyList<RouteExample> examples)
    {
        var bodies = examples.Where(example => example.Request is not null).DistinctBy(example => example.RequestType)
            .ToDictionary(example => example.RequestType, example => MediaType(example.Request!, example.RequestType));
        return bodies.Count == 0 ? null : new OpenApiRequestBody { Content = bodies };
    }

    private static OpenApiResponses ResponsesOf(RouteEndpoint route, IReadOnlyList<RouteExample> examples, OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var answers in examples.GroupBy(example => example.Status))
        {
            responses[answers.Key.ToString(CultureInfo.InvariantCulture)] = new OpenApiResponse
            {
                Description = ReasonPhrases.GetReasonPhrase(answers.Key),
                Content = answers.Where(answer => answer.Response is not null).DistinctBy(answer => answer.ResponseType)
                    .ToDictionary(answer => answer.ResponseType, answer => MediaType(answer.Response!, answer.ResponseType))
            };
        }

        foreach (var problem in ProblemResponses.Of(ProblemsOf(route, examples), document))
        {
            responses.TryAdd(problem.Key, problem.Value);
        }

        return responses;
    }

    private static IEnumerable<int> ProblemsOf(RouteEndpoint route, IReadOnlyList<RouteExample> examples)
    {
        var takesBody = examples.Any(example => example.Request is not null);
        var hasKey = route.Metadata.GetMetadata<RouteAccess>()?.Scope is not null;
        return
        [
            .. hasKey ? (int[])[400, 401, 403, 429, 503] : [],
            .. route.RoutePattern.Parameters.Count > 0 ? (int[])[404] : [],
            .. takesBody ? (int[])[409, 413, 415, 422] : []
        ];
    }

    private static OpenApiMediaType MediaType(string example, string mediaType)
    {
        if (!mediaType.EndsWith("json", StringComparison.Ordinal) || mediaType.EndsWith("ndjson", StringComparison.Ordinal))
        {
            return new OpenApiMediaType { Example = JsonValue.Create(example), Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        var value = JsonNode.Parse(example);
        return new OpenApiMediaType { Example = value, Schema = ExampleSchema.Of(value) };
    }
}
