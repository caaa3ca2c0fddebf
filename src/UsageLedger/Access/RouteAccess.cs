using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;

namespace UsageLedger.Access;

/// <summary>Who may use a route.</summary>
/// <param name="Scope">What the caller's key must hold; null: no key is asked for.</param>
public sealed record RouteAccess(Scope? Scope);

/// <summary>Each route declares its access in one of these two ways; a host with a route that does not is refused at its start.</summary>
public static class RouteAccessExtensions
{
    public static T RequireScope<T>(this T route, Scope scope)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(scope));

    /// <summary>For health, OpenAPI, and webhooks, whose key is the vendor's signature.</summary>
    public static T AllowWithoutKey<T>(this T route)
        where T : IEndpointConventionBuilder => route.WithMetadata(new RouteAccess(Scope: null));

    /// <exception cref="InvalidOperationException">A route does not say who may use it.</exception>
    internal static void RefuseUndeclared(IEndpointRouteBuilder routes)
    {
        var undeclared = routes.DataSources.SelectMany(source => source.Endpoints)
            .Where(endpoint => endpoint.Metadata.GetMetadata<RouteAccess>() is null)
            .Select(endpoint => endpoint.DisplayName)
            .ToList();
        if (undeclared.Count > 0)
        {
            throw new InvalidOperationException(
                $"Routes must declare RequireScope or AllowWithoutKey; these do not: {string.Join("; ", undeclared)}.");
        }
    }
}
