using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using UsageLedger.Access;
using UsageLedger.Answering;

namespace UsageLedger.Collecting.Sources;

/// <summary>A provider as reads answer it.</summary>
/// <param name="Settings">What a source may be set to, with what each does.</param>
/// <param name="Webhooks">Whether it pushes usage too.</param>
public sealed record ProviderView(
    string Name, IReadOnlyList<MetricDefinition> Metrics, CredentialForm Credentials, IReadOnlyDictionary<string, string> Settings, bool Webhooks);

/// <summary>The door to the providers that can be collected from.</summary>
internal static class ProviderEndpoints
{
    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/v1/providers", List).RequireScope(Scope.Query)
        .WithSummary("The vendors that usage can be collected from: their metrics, and what a source of theirs needs.")
        .WithExample(null, SourceExamples.Providers);

    private static Ok<ListEnvelope<ProviderView>> List(ProviderCatalogue providers) => TypedResults.Ok(new ListEnvelope<ProviderView>(
        [.. providers.All.Select(provider => new ProviderView(
            provider.Name, provider.Collector.Metrics, provider.Collector.Credentials, provider.Collector.Settings, provider.Webhooks is not null))],
        null));
}
