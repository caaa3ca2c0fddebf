using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Host.OpenApi;

/// <summary>The parameters of one method of one route, those included that all such routes have.</summary>
internal static class RouteParameters
{
    public static IEnumerable<OpenApiParameter> Of(RouteEndpoint route, HttpMethod method)
    {
        foreach (var segment in route.RoutePattern.Parameters)
        {
            yield return Text(segment.Name, ParameterLocation.Path, null, null, required: true);
        }

        foreach (var query in route.Metadata.GetOrderedMetadata<RouteParameter>())
        {
            yield return Text(query.Name, ParameterLocation.Query, query.Description, query.Example, query.Required);
        }

        var hasKey = route.Metadata.GetMetadata<RouteAccess>()?.Scope is not null;
        if (hasKey && method == HttpMethod.Get && MinPositionExtensions.IsHeeded(route))
        {
            yield return Text("minPosition", ParameterLocation.Query, "Waits up to 10 s until what is read holds this position; else 503.", "42");
        }

        if (hasKey && method == HttpMethod.Post && IdempotencyExtensions.IsHeeded(route))
        {
            yield return Text(
                "Idempotency-Key", ParameterLocation.Header, "The same key and body have the same answer, for a day at least.", "2f1c6c1e");
        }

        yield return Text("X-Correlation-Id", ParameterLocation.Header, "Goes with every event of this request; made if absent.", "order:7");
    }

    private static OpenApiParameter Text(string name, ParameterLocation place, string? description, string? example, bool required = false) => new()
    {
        Name = name,
        In = place,
        Description = description,
        Required = required,
        Example = example is null ? null : JsonValue.Create(example),
        Schema = new OpenApiSchema { Type = JsonSchemaType.String }
    };
}
