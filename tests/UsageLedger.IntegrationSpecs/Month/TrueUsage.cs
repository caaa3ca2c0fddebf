using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>The true bill in the ledger's words, by the vendors' documents and without the ledger's code.</summary>
internal static class TrueUsage
{
    public const string OpenRouter = "openrouter";

    /// <summary>OpenRouter's totals do not tell these, so where broadcasts were lost a ledger can hold less of them than there were.</summary>
    public const string Cached = "llm.tokens.cached";

    /// <param name="when">The time that a client's usage of a provider is summed up in.</param>
    public static IReadOnlyList<UsageSum> Of(SimWorld world, Func<string, string, Instant, string> when)
    {
        var items = TrueBill.Of(world).ToList();
        var parts = items.SelectMany(item => Parts(item, when(item.Provider, item.ClientId, At(item)))).Concat(world.RetellCalls.SelectMany(call =>
        {
            var (client, agent, at) = (call.Agent.ClientId, call.Agent.Id, when("retell", call.Agent.ClientId, call.EndedAt));
            UsageSum?[] told =
            [
                new(at, client, "retell", agent, "call", "call", 1, 0, 1),
                call.LlmTokens.Count == 0 ? null : new(at, client, "retell", agent, "llm.tokens", "token", call.LlmTokens.Sum(), 0, 1),
            ];
            return told.OfType<UsageSum>();
        }));
        var wholes = items.Where(item => item.Kind == "generation")
            .Select(item => UsageSum.Whole(when(item.Provider, item.ClientId, At(item)), item.ClientId, OpenRouter, item.AgentId, Number(item.Cost)));
        return UsageSum.Together(parts.Concat(wholes));
    }

    /// <summary>What of a ledger's sums can be compared: of OpenRouter no records, for remainders stand among them, and the cost as a whole.</summary>
    public static IReadOnlyList<UsageSum> Comparable(IEnumerable<UsageSum> told) => UsageSum.Together(told.SelectMany(sum => sum.Provider != OpenRouter ? (UsageSum[])[sum]
        : sum.Quantity == 0 ? [Whole(sum)]
        : [sum with { Cost = null, Records = 0 }, Whole(sum)]));

    private static UsageSum Whole(UsageSum sum) => UsageSum.Whole(sum.When, sum.Client, sum.Provider, sum.Agent, sum.Cost!.Value);

    private static IEnumerable<UsageSum> Parts(TruthItem item, string when) => item.Kind switch
    {
        "product" => [Part(item, when, "call." + item.Part, item.Unit, Number(item.Quantity), Number(item.Cost))],

        // A message that failed free of charge costs nothing; a call that never came about is no usage.
        "message" => [Part(item, when, (item.Details["media"] == "0" ? "sms." : "mms.") + Way(item), "segment", Number(item.Quantity), item.Cost is null ? 0 : Number(item.Cost))],
        "call" => item.Cost is null ? [] : [Part(item, when, "call." + Way(item), "second", Number(item.Quantity), Number(item.Cost))],

        // Some are told by remainders alone, which are of a day.
        _ => Generation(item, when).Select(part => part with { Records = 0 }),
    };

    private static IEnumerable<UsageSum> Generation(TruthItem item, string when)
    {
        yield return Part(item, when, "llm.tokens.input", "token", Detail(item, "promptTokens"), null);
        yield return Part(item, when, "llm.tokens.output", "token", Detail(item, "completionTokens"), null);
        yield return Part(item, when, "llm.generation", "generation", 1, null);
        if (Detail(item, "cachedTokens") > 0)
            yield return Part(item, when, Cached, "token", Detail(item, "cachedTokens"), null);
        if (Detail(item, "reasoningTokens") > 0)
            yield return Part(item, when, "llm.tokens.reasoning", "token", Detail(item, "reasoningTokens"), null);
    }

    private static UsageSum Part(TruthItem item, string when, string metric, string unit, decimal quantity, decimal? cost) =>
        new(when, item.ClientId, item.Provider, item.AgentId, metric, unit, quantity, cost, 1);

    private static string Way(TruthItem item) => item.Details["direction"] == "inbound" ? "inbound" : "outbound";

    private static Instant At(TruthItem item) => InstantPattern.ExtendedIso.Parse(item.OccurredAt).Value;

    private static decimal Detail(TruthItem item, string name) => Number(item.Details[name]);

    private static decimal Number(string? text) => decimal.Parse(text!, CultureInfo.InvariantCulture);
}
