using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Twilio;

namespace UsageLedger.Collecting;

/// <summary>Every vendor that usage is collected from: another one is a folder beside these, and a line here.</summary>
public static class Providers
{
    public const string Retell = "retell";
    public const string Twilio = "twilio";

    public static IReadOnlyList<Provider> All { get; } =
    [
        new("openrouter", new OpenRouterCollector(), new OpenRouterWebhooks()),
        new(Retell, new RetellCollector(), new RetellWebhooks()),
        new(Twilio, new TwilioCollector(), new TwilioWebhooks()),
    ];
}
