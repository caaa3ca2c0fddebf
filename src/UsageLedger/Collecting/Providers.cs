using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Twilio;

namespace UsageLedger.Collecting;

/// <summary>Every vendor that usage is collected from: another one is a folder beside these, and a line here.</summary>
public static class Providers
{
    public static IReadOnlyList<Provider> All { get; } =
    [
        new("openrouter", new OpenRouterCollector(), new OpenRouterWebhooks()),
        new("retell", new RetellCollector(), new RetellWebhooks()),
        new("twilio", new TwilioCollector(), new TwilioWebhooks()),
    ];
}
