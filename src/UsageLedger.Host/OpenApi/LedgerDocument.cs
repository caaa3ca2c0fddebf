using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace UsageLedger.Host.OpenApi;

/// <summary>Writes the whole document from the routes there are.</summary>
internal sealed class LedgerDocument(EndpointDataSource routes) : IOpenApiDocumentTransformer
{
    public Task TransformAsync(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new OpenApiInfo
        {
            Title = "UsageLedger",
            Version = "1",
            Description = "An append-only ledger of what vendors charge: record usage, read billing cycles, check the proofs. "
                + "Decimals are strings; instants are RFC 3339 in UTC; whatever is refused is a problem (RFC 9457) with a stable code."
        };

        // The address under which the document was fetched is the server; another one would only be a guess.
        document.Servers = [];
        document.Components = new OpenApiComponents
        {
            SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme> { [Security.SchemeName] = Security.Scheme },
            Schemas = new Dictionary<string, IOpenApiSchema> { [ProblemResponses.SchemaName] = ProblemResponses.Schema }
        };
        document.Paths = [];
        foreach (var route in routes.Endpoints.OfType<RouteEndpoint>().OrderBy(route => route.Order).ThenBy(RoutePath.Of, StringComparer.Ordinal))
        {
            foreach (var method in route.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? [])
            {
                Add(document, route, new HttpMethod(method));
            }
        }

        return Task.CompletedTask;
    }

    private static void Add(OpenApiDocument document, RouteEndpoint route, HttpMethod method)
    {
        var path = RoutePath.Of(route);
        if (!document.Paths.TryGetValue(path, out var item))
        {
            document.Paths[path] = item = new OpenApiPathItem { Operations = [] };
        }

        item.Operations!.TryAdd(method, RouteOperation.Of(route, method, document));
    }
}
