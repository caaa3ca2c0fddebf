using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Truth;

/// <summary>Everything in a world that is personal or secret, so that a test can look for it where it must not be.</summary>
public static class Planted
{
    public static IEnumerable<PlantedText> Of(SimWorld world) => All(world).Distinct();

    private static IEnumerable<PlantedText> All(SimWorld world)
    {
        var callers = world.RetellCalls.Select(call => call.Caller).Concat(world.Messages.Select(message => message.Caller)).Concat(world.TwilioCalls.Select(call => call.Caller));
        return callers.SelectMany(caller => new[] { new PlantedText("number", caller.Number), new PlantedText("name", caller.Name) })
            .Concat(world.Directory.Agents.Select(agent => new PlantedText("number", agent.Number)))
            .Concat(world.RetellCalls.Select(call => new PlantedText("transcript", call.Words)))
            .Concat(world.RetellCalls.Select(RetellWire.TokenOf).OfType<string>().Select(token => new PlantedText("token", token)))
            .Concat(world.Messages.Select(message => new PlantedText("body", message.Body)))
            .Concat(world.Generations.Select(made => new PlantedText("prompt", made.Words)))
            .Concat(Secrets(world.Directory).Select(secret => new PlantedText("secret", secret)));
    }

    private static IEnumerable<string> Secrets(SimDirectory directory) =>
        [
            directory.RetellApiKey, directory.OpenRouterManagementKey, directory.OpenRouterWebhookSecret,
            .. directory.TwilioAccounts.SelectMany(account => new[] { account.AuthToken, account.KeySecret }),
            .. directory.Agents.Select(agent => agent.Key.Secret)
        ];
}
