using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace UsageLedger.Anomalies;

/// <summary>Has a server watch for anomalies.</summary>
public static class AnomalySetup
{
    public static IServiceCollection AddAnomalyWatch(this IServiceCollection services)
    {
        services.TryAddSingleton(WatchPace.Default);
        return services.AddHostedService<AnomalyWatch>();
    }
}
