using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Inbox;

namespace UsageLedger.Receiving;

/// <summary>Puts the receiving of webhooks into a host.</summary>
public static class ReceivingSetup
{
    public static IServiceCollection AddReceiving(this IServiceCollection services, TrustedProxies proxies) => services
        .AddSingleton(proxies)
        .AddSingleton<WebhookTargets>()
        .AddSingleton<WebhookPlaces>()
        .AddSingleton<IInboxWork, WebhookWork>();
}
