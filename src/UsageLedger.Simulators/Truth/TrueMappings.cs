using NodaTime;
using NodaTime.Text;
using UsageLedger.Simulators.World;

namespace UsageLedger.Simulators.Truth;

/// <summary>Which mappings give every item its client and agent: Retell's by agent, Twilio's by number (dated where one changed hands), OpenRouter's by key.</summary>
public static class TrueMappings
{
    public static IEnumerable<TruthMapping> Of(SimWorld world) => world.Directory.Agents.SelectMany(agent => OfAgent(world.Directory, agent));

    private static IEnumerable<TruthMapping> OfAgent(SimDirectory directory, SimAgent agent)
    {
        TruthMapping Of(string id, string provider, string key, SimAgent to, Instant? from = null, Instant? until = null) =>
            new($"{id}-{agent.Id}", provider, key, to.ClientId, to.Id, Text(from), Text(until));

        yield return Of("retell", "retell", "agent:" + agent.RetellAgentId, agent);
        yield return Of("openrouter-hash", "openrouter", "apikey:" + agent.Key.Hash, agent);
        yield return Of("openrouter-name", "openrouter", "apikey:" + agent.Key.Name, agent);
        if (directory.Handovers.FirstOrDefault(handover => handover.Number == agent.Number) is not { } handed)
        {
            yield return Of("twilio", "twilio", "number:" + agent.Number, agent);
            yield break;
        }

        yield return Of("twilio-before", "twilio", "number:" + agent.Number, agent, until: handed.At);
        yield return Of("twilio-after", "twilio", "number:" + agent.Number, handed.To, from: handed.At);
    }

    private static string? Text(Instant? at) => at is { } known ? InstantPattern.ExtendedIso.Format(known) : null;
}
