using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace UsageLedger.Inbox;

/// <summary>Puts the inbox into a host.</summary>
public static class InboxSetup
{
    /// <summary>What puts work in, and what a verb needs to do some of it.</summary>
    public static IServiceCollection AddInbox(this IServiceCollection services)
    {
        services.TryAddSingleton(new InboxOptions());
        return services
            .AddSingleton<InboxSeal>()
            .AddSingleton<InboxSignal>()
            .AddSingleton<InboxStore>()
            .AddSingleton<InboxClaims>()
            .AddSingleton<InboxHolds>();
    }

    /// <summary>The workers, which only a server has.</summary>
    public static IServiceCollection AddInboxWorkers(this IServiceCollection services) => services
        .AddSingleton<InboxListener>()
        .AddSingleton<InboxUpkeep>()
        .AddHostedService<InboxService>();
}
