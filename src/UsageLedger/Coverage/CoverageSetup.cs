using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace UsageLedger.Coverage;

/// <summary>Puts coverage into a host.</summary>
public static class CoverageSetup
{
    /// <summary>What reads; a verb has it too.</summary>
    public static IServiceCollection AddCoverage(this IServiceCollection services) => services
        .AddSingleton<DayRollups>()
        .AddSingleton<RollUpDays>();

    /// <summary>What measures, which only a server does.</summary>
    public static IServiceCollection AddRollUps(this IServiceCollection services)
    {
        services.TryAddSingleton(RollUpPace.Default);
        return services.AddHostedService<RollUpService>();
    }
}
