using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace UsageLedger.Answering;

/// <summary>What a route is sent and what it answers, for the OpenAPI document.</summary>
/// <param name="Request">The body as it is sent, or null if the route takes none.</param>
/// <param name="Response">The body as it is answered, or null if it has none.</param>
public sealed record RouteExample(string? Request, string? Response, int Status, string RequestType, string ResponseType);

/// <summary>A query parameter that a route reads, for the OpenAPI document.</summary>
public sealed record RouteParameter(string Name, string Description, string Example, bool Required);

/// <summary>The members that a body must hold, or each object of it if it is an array, for the OpenAPI document.</summary>
public sealed record RequiredMembers(IReadOnlyList<string> Names);

/// <summary>How a route is described.</summary>
public static class RouteExampleExtensions
{
    /// <summary>May be said several times: for other statuses, media types and forms of a body.</summary>
    public static T WithExample<T>(
        this T route, string? request, string? response, int status = StatusCodes.Status200OK,
        string requestType = "application/json", string responseType = "application/json")
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteExample(request, response, status, requestType, responseType));

    public static T Requires<T>(this T route, params IReadOnlyList<string> members)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RequiredMembers(members));

    /// <summary>The parameters of a list that comes in pages.</summary>
    public static T WithPages<T>(this T route)
        where T : IEndpointConventionBuilder => route
            .WithQuery("cursor", "The nextCursor of the page before, sent with the same filters.", "WyJjb250b3NvIl0")
            .WithQuery("limit", "How many a page may hold.", "100");

    public static T WithQuery<T>(this T route, string name, string description, string example, bool required = false)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteParameter(name, description, example, required));
}
