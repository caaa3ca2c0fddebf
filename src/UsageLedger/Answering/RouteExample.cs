using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>What a route is sent and what it answers, for the OpenAPI document.</summary>
/// <param name="Request">The body as it is sent, or null if the route takes none.</param>
/// <param name="Response">The body as it is answered, or null if it has none.</param>
public sealed record RouteExample(string? Request, string? Response, int Status, string RequestType, string ResponseType);

/// <summary>A query parameter that a route reads, for the OpenAPI document.</summary>
public sealed record RouteParameter(string Name, string Description, string Example, bool Required);

/// <summary>How a route is described.</summary>
public static class RouteExampleExtensions
{
    /// <summary>May be said several times: for other statuses or media types, whose first example is the one that is shown.</summary>
    public static T WithExample<T>(
        this T route, string? request, string? response, int status = StatusCodes.Status200OK,
        string requestType = "application/json", string responseType = "application/json")
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteExample(request, response, status, requestType, responseType));

    public static T WithQuery<T>(this T route, string name, string description, string example, bool required = false)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteParameter(name, description, example, required));
}
