using UsageLedger.Simulators.World;

namespace UsageLedger.Host.Demo;

/// <summary>A vendor account of the demo's platform, as its operator knows it.</summary>
/// <param name="Account">Of Twilio: the account whose webhooks come here; null: there is only one.</param>
internal sealed record DemoSource(string Id, string Provider, string? Account, IReadOnlyDictionary<string, string> Credentials)
{
    /// <summary>One of each vendor, and one more for a Twilio subaccount.</summary>
    public static IReadOnlyList<DemoSource> All(SimDirectory directory) =>
    [
        new("retell", "retell", null, new Dictionary<string, string> { ["apiKey"] = directory.RetellApiKey }),
        .. directory.TwilioAccounts.Select(account => new DemoSource(
            account.Owner is null ? "twilio" : "twilio-sub", "twilio", account.Sid,
            new Dictionary<string, string> { ["accountSid"] = account.Sid, ["authToken"] = account.AuthToken })),
        new("openrouter", "openrouter", null, new Dictionary<string, string>
        {
            ["managementKey"] = directory.OpenRouterManagementKey, ["webhookSecret"] = directory.OpenRouterWebhookSecret,
        }),
    ];
}
