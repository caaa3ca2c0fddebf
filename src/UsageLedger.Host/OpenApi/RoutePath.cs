using Microsoft.AspNetCore.Routing.Patterns;

namespace UsageLedger.Host.OpenApi;

/// <summary>A route's pattern as OpenAPI writes it: names in braces, without constraints.</summary>
internal static class RoutePath
{
    public static string Of(RouteEndpoint route) =>
        "/" + string.Join('/', route.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(Part))));

    private static string Part(RoutePatternPart part) => part switch
    {
        RoutePatternParameterPart parameter => $"{{{parameter.Name}}}",
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternSeparatorPart separator => separator.Content,
        _ => ""
    };
}
