using Microsoft.AspNetCore.Http.Metadata;
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
        var operation = new OpenApiOperation
        {
            OperationId = route.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName ?? IdOf(route, method),
            Summary = route.Metadata.GetMetadata<IEndpointSummaryMetadata>()?.Summary,
            Description = route.Metadata.GetMetadata<IEndpointDescriptionMetadata>()?.Description,
            Security = scope is null ? [] : [Security.Requirement(document)],
            Parameters = [.. RouteParameters.Of(route, method)],
            RequestBody = RouteBodies.Request(route),
            Responses = ResponsesOf(route, document)
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

    private static OpenApiResponses ResponsesOf(RouteEndpoint route, OpenApiDocument document)
    {
        var responses = new OpenApiResponses();
        foreach (var (status, response) in RouteBodies.Answers(route).Concat(ProblemResponses.Of(ProblemsOf(route), document)))
        {
            responses.TryAdd(status, response);
        }

        return responses;
    }

    private static IEnumerable<int> ProblemsOf(RouteEndpoint route)
    {
        var takesBody = route.Metadata.GetOrderedMetadata<RouteExample>().Any(example => example.Request is not null);
        var hasKey = route.Metadata.GetMetadata<RouteAccess>()?.Scope is not null;
        return
        [
            .. hasKey ? (int[])[400, 401, 403, 429, 500, 503] : [],
            .. route.RoutePattern.Parameters.Count > 0 ? (int[])[404] : [],
            .. takesBody ? (int[])[409, 413, 415, 422] : []
        ];
    }
}
