using NodaTime;
using UsageLedger.Simulators.OpenRouter;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.Simulators.World;

/// <summary>Who is in a world: clients, their agents, and the vendor accounts they share.</summary>
/// <param name="Handovers">Numbers that change hands halfway.</param>
public sealed record SimDirectory(
    IReadOnlyList<SimClient> Clients, IReadOnlyList<TwilioAccount> TwilioAccounts, IReadOnlyList<NumberHandover> Handovers,
    string RetellApiKey, string OpenRouterManagementKey, string OpenRouterWebhookSecret)
{
    private static readonly string[] Names = ["aurora", "borealis", "cumulus", "delta", "ember", "fjord", "granite", "harbour", "indigo", "juniper"];
    private static readonly string[] Trades = ["Dental", "Logistics", "Insurance", "Travel", "Energy", "Clinics"];
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "UTC", "Asia/Kolkata", "America/Sao_Paulo"];
    private static readonly string[] Roles = ["front-desk", "reminders", "after-hours", "sales", "billing"];

    public IReadOnlyList<SimAgent> Agents { get; } = [.. Clients.SelectMany(client => client.Agents)];

    /// <summary>Whose agent's number it is at that time.</summary>
    public SimAgent HolderOf(SimAgent agent, Instant at) =>
        Handovers.FirstOrDefault(handover => handover.Number == agent.Number) is { } handover && at >= handover.At ? handover.To : agent;

    internal static SimDirectory Draw(WorldPlan plan)
    {
        var dice = Dice.For(plan.Seed, "directory");
        var main = TwilioAccount.Draw(dice, "Platform", null);
        TwilioAccount[] accounts = plan.Clients == 1 ? [main] : [main, TwilioAccount.Draw(dice, "Platform, last client", main.Sid)];
        List<SimClient> clients = [.. Enumerable.Range(0, plan.Clients).Select(index => ClientOf(plan, dice, index, index == 0 ? main : index == plan.Clients - 1 ? accounts[^1] : main))];
        return new SimDirectory(
            clients, accounts, HandoversOf(plan, clients), "key_" + dice.Hex(28), "sk-or-v1-" + dice.Hex(64), "planted-hook-" + dice.Hex(24));
    }

    private static SimClient ClientOf(WorldPlan plan, Dice dice, int index, TwilioAccount account)
    {
        var name = Names[index % Names.Length];
        var id = index < Names.Length ? name : $"{name}-{index / Names.Length + 1}";
        var agents = Enumerable.Range(0, plan.AgentsPerClient).Select(at => AgentOf(plan, dice, id, at, index * plan.AgentsPerClient + at, account));
        return new SimClient(id, $"{char.ToUpperInvariant(id[0])}{id[1..]} {dice.Pick(Trades)}", Zones[index % Zones.Length], [.. agents]);
    }

    private static SimAgent AgentOf(WorldPlan plan, Dice dice, string client, int at, int index, TwilioAccount account)
    {
        var id = $"{client}-{Roles[at % Roles.Length]}" + (at < Roles.Length ? string.Empty : $"-{at / Roles.Length + 1}");
        return new SimAgent(id, client, "agent_" + dice.Hex(24), Phone.OfAgent(index), account, OpenRouterKey.Draw(dice, id, plan.From - Duration.FromDays(30)));
    }

    /// <summary>The first client's last agent gives its number to the second client's first, where there are two.</summary>
    private static IReadOnlyList<NumberHandover> HandoversOf(WorldPlan plan, List<SimClient> clients) =>
        clients.Count < 2 || plan.AgentsPerClient < 2 ? []
        : [new NumberHandover(clients[0].Agents[^1].Number, clients[0].Agents[^1], clients[1].Agents[0], plan.From + (plan.To - plan.From) / 2)];
}
