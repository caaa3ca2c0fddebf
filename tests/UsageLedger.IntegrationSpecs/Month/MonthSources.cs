using System.Text.Json;
using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>Puts the vendors' accounts, whose usage is whose, and the clients into the ledger, and its webhooks into the vendors.</summary>
internal static class MonthSources
{
    /// <summary>Collected by its schedule alone, over the whole month each time.</summary>
    public const string Scheduled = "retell";

    public const string OpenRouter = "openrouter";

    private const string EverySeconds = "*/5 * * * * *";

    /// <summary>Collected by commands.</summary>
    public static readonly string[] Commanded = ["twilio-0", "twilio-1", OpenRouter];

    public static async Task ConfigureAsync(MonthLedger ledger, SimServer vendors, WebhookGate gate)
    {
        var directory = vendors.Directory;
        await ConfigureAsync(ledger, vendors, gate, Scheduled, "retell", EverySeconds, "P90D", new() { ["apiKey"] = directory.RetellApiKey });
        await ConfigureAsync(ledger, vendors, gate, OpenRouter, "openrouter", null, "P1D", new()
        {
            ["managementKey"] = directory.OpenRouterManagementKey, ["webhookSecret"] = directory.OpenRouterWebhookSecret,
        });
        foreach (var (index, account) in directory.TwilioAccounts.Index())
            await ConfigureAsync(ledger, vendors, gate, $"twilio-{index}", "twilio", null, "P1D", new() { ["accountSid"] = account.Sid, ["authToken"] = account.AuthToken });
        vendors.Simulation.Webhooks.Targets =
        [
            new WebhookTarget("retell", gate.UrlOf(Scheduled)), new WebhookTarget("openrouter", gate.UrlOf(OpenRouter)),
            .. directory.TwilioAccounts.Index().Select(account => new WebhookTarget("twilio", gate.UrlOf($"twilio-{account.Index}"), account.Item.Sid)),
        ];
        foreach (var client in directory.Clients)
            await PutAsync(ledger, $"/v1/clients/{client.Id}", JsonSerializer.Serialize(new { name = client.Name, timeZone = client.TimeZone }));
    }

    /// <summary>Some of the mappings are made before usage comes, the others in the middle of the month.</summary>
    public static async Task MapAsync(MonthLedger ledger, SimServer vendors, bool late)
    {
        foreach (var (index, mapping) in TrueMappings.Of(vendors.World).Index().Where(mapping => mapping.Index % 3 == 0 == late))
            await PutAsync(ledger, $"/v1/mappings/{mapping.Id}", JsonSerializer.Serialize(new
            {
                provider = mapping.Provider, key = mapping.Key, clientId = mapping.ClientId, agentId = mapping.AgentId, validFrom = mapping.ValidFrom, validTo = mapping.ValidTo,
            }));
    }

    private static async Task ConfigureAsync(
        MonthLedger ledger, SimServer vendors, WebhookGate gate, string source, string provider, string? schedule, string lookBack, Dictionary<string, string> credential)
    {
        var settings = new JsonObject { ["webhookUrl"] = gate.UrlOf(source).OriginalString };
        if (provider != OpenRouter)
            settings["pageSize"] = "20";
        await PutAsync(ledger, $"/v1/sources/{source}", JsonSerializer.Serialize(new { provider, baseUrl = new Uri(vendors.Http.BaseAddress!, provider), schedule, lookBack, settings }));
        await PutAsync(ledger, $"/v1/sources/{source}/credentials", JsonSerializer.Serialize(new { values = credential }));
    }

    private static async Task PutAsync(MonthLedger ledger, string path, string body)
    {
        var reply = await ledger.PutAsync(path, body);
        reply.Status.ShouldBeOneOf([200, 201, 204], $"{path}: {reply.Text}");
    }
}
