using Microsoft.Extensions.DependencyInjection;

namespace UsageLedger.Collecting.Sources;

/// <summary>Puts the sources into a host.</summary>
public static class SourcesSetup
{
    public static IServiceCollection AddSources(this IServiceCollection services, SourceAddresses addresses, ProviderCatalogue providers) => services
        .AddSingleton(addresses)
        .AddSingleton(providers)
        .AddSingleton<SourceStore>();
}
