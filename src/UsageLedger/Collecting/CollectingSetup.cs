using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Quartz;
using UsageLedger.Attributing;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Scheduling;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;
using UsageLedger.Inbox;

namespace UsageLedger.Collecting;

/// <summary>Puts collecting into a host.</summary>
public static class CollectingSetup
{
    /// <summary>What makes runs; a verb has it too.</summary>
    /// <param name="clients">The way to a source's vendor, within its limits.</param>
    public static IServiceCollection AddCollecting(
        this IServiceCollection services, Func<IServiceProvider, Func<Source, VendorLimits, VendorHttp>> clients) => services
        .AddSingleton(made => new VendorAccounts(
            made.GetRequiredService<SourceStore>(), made.GetRequiredService<CredentialVault>(), made.GetRequiredService<ProviderCatalogue>(),
            clients(made), made.GetRequiredService<NumberHash>(), made.GetRequiredService<CapturedReads>()))
        .AddSingleton<CapturedReads>()
        .AddSingleton<CollectedRecords>()
        .AddSingleton<TelephonyLinks>()
        .AddSingleton<RunReads>()
        .AddSingleton<CollectingLag>()
        .AddSingleton<IInboxWork, CollectWork>()
        .AddSingleton<IInboxWork, FetchWork>()
        .AddSingleton<IInboxWork, TotalsWork>();

    /// <summary>The schedule, which only a server follows.</summary>
    public static IServiceCollection AddCollectionSchedule(this IServiceCollection services)
    {
        services.TryAddSingleton(SchedulePace.Default);
        return services
            .AddSingleton<ScheduledRuns>()
            .AddQuartz(quartz => quartz.UseInMemoryStore(_ => { }))
            .AddHostedService<CollectionSchedule>();
    }
}
