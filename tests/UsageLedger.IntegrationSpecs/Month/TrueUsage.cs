using System.Globalization;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>What a ledger should hold of one client's agent and metric.</summary>
internal sealed record UsageSum(string Client, string Provider, string? Agent, string Metric, string Unit, decimal Quantity, decimal? Cost, long Records)
{
    /// <summary>The cost of several metrics together, where their vendor tells it once in parts and once whole.</summary>
    public static UsageSum Whole(string client, string provider, string? agent, decimal cost) => new(client, provider, agent, "*", "", 0, cost, 0);

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Client} {Provider} {Agent} {Metric}: {Quantity:0.############################} {Unit}, {Cost:0.############################} USD, {Records} records");
}

/// <summary>The true bill in the ledger's words, by the vendors' documents and without the ledger's code.</summary>
internal static class TrueUsage
{
    public static IReadOnlyList<string> Of(SimWorld world)
    {
        var items = TrueBill.Of(world).ToList();
        var parts = items.SelectMany(Parts).Concat(world.RetellCalls.SelectMany(call => new UsageSum?[]
        {
            new(call.Agent.ClientId, "retell", call.Agent.Id, "call", "call", 1, 0, 1),
            call.LlmTokens.Count == 0 ? null : new(call.Agent.ClientId, "retell", call.Agent.Id, "llm.tokens", "token", call.LlmTokens.Sum(), 0, 1),
        }).OfType<UsageSum>());
        var wholes = items.Where(item => item.Kind == "generation").GroupBy(item => (item.ClientId, item.AgentId))
            .Select(agent => UsageSum.Whole(agent.Key.ClientId, "openrouter", agent.Key.AgentId, agent.Sum(item => Number(item.Cost))));
        return Lines(parts.Concat(wholes));
    }

    /// <summary>Sums of the same, as lines that are sorted.</summary>
    public static IReadOnlyList<string> Lines(IEnumerable<UsageSum> parts) =>
    [
        .. parts.GroupBy(part => (part.Client, part.Provider, part.Agent, part.Metric, part.Unit))
            .Select(same => new UsageSum(
                same.Key.Client, same.Key.Provider, same.Key.Agent, same.Key.Metric, same.Key.Unit, same.Sum(part => part.Quantity),
                same.All(part => part.Cost is null) ? null : same.Sum(part => part.Cost), same.Sum(part => part.Records)).ToString())
            .Order(StringComparer.Ordinal),
    ];

    private static IEnumerable<UsageSum> Parts(TruthItem item) => item.Kind switch
    {
        "product" => [Part(item, "call." + item.Part, item.Unit, Number(item.Quantity), Number(item.Cost))],

        // A message that failed free of charge costs nothing; a call that never came about is no usage.
        "message" => [Part(item, (item.Details["media"] == "0" ? "sms." : "mms.") + Way(item), "segment", Number(item.Quantity), item.Cost is null ? 0 : Number(item.Cost))],
        "call" => item.Cost is null ? [] : [Part(item, "call." + Way(item), "second", Number(item.Quantity), Number(item.Cost))],

        // Beside them a remainder may have stood until a late broadcast came; it is there still, at nothing.
        _ => Generation(item).Select(part => part with { Records = 0 }),
    };

    private static IEnumerable<UsageSum> Generation(TruthItem item)
    {
        yield return Part(item, "llm.tokens.input", "token", Detail(item, "promptTokens"), null);
        yield return Part(item, "llm.tokens.output", "token", Detail(item, "completionTokens"), null);
        yield return Part(item, "llm.generation", "generation", 1, null);
        if (Detail(item, "cachedTokens") > 0)
            yield return Part(item, "llm.tokens.cached", "token", Detail(item, "cachedTokens"), null);
        if (Detail(item, "reasoningTokens") > 0)
            yield return Part(item, "llm.tokens.reasoning", "token", Detail(item, "reasoningTokens"), null);
    }

    private static UsageSum Part(TruthItem item, string metric, string unit, decimal quantity, decimal? cost) =>
        new(item.ClientId, item.Provider, item.AgentId, metric, unit, quantity, cost, 1);

    private static string Way(TruthItem item) => item.Details["direction"] == "inbound" ? "inbound" : "outbound";

    private static decimal Detail(TruthItem item, string name) => Number(item.Details[name]);

    private static decimal Number(string? text) => decimal.Parse(text!, CultureInfo.InvariantCulture);
}
