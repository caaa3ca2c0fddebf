using System.Globalization;
using NodaTime;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Receiving;
using UsageLedger.Recording;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A whole month of simulated vendors is collected to the last digit of the true bill, whatever fails on the way.</summary>
public sealed class SimulatedMonthSpecs
{
    private static readonly Instant Settled = SimServer.To + Duration.FromDays(4);

    [Theory]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    public async Task Retells_calls_cost_what_Retell_charges(long seed, bool rough)
    {
        await using var server = await SimServer.StartAsync(rough ? SimFaults.Rough : SimFaults.None, seed, SimServer.From + Duration.FromDays(14));
        using var vendors = new SimulatedVendors(server);
        await CollectTwiceAsync(server, vendors, "retell");

        var products = vendors.Records("retell").Where(record => record.Metric.StartsWith("call.", StringComparison.Ordinal));
        Sums(products, record => record.Metric["call.".Length..]).ShouldBe(Sums(server.Truth("retell", "product"), item => item.Part!), $"seed {seed}");
        vendors.Records("retell").ShouldAllBe(record => record.Cost != null && record.ClientId != null);
        vendors.Rejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    [InlineData(9, true)]
    public async Task Twilios_messages_and_calls_cost_what_Twilio_charges(long seed, bool rough)
    {
        await using var server = await SimServer.StartAsync(rough ? SimFaults.Rough : SimFaults.None, seed, SimServer.From + Duration.FromDays(14));
        using var vendors = new SimulatedVendors(server);
        await CollectTwiceAsync(server, vendors, "twilio");

        var records = vendors.Records("twilio");
        var truth = server.Truth("twilio", "message").Concat(server.Truth("twilio", "call").Where(item => item.Cost is not null));
        Sums(records, record => record.Unit).ShouldBe(Sums(truth, item => item.Unit), $"seed {seed}");
        records.ShouldAllBe(record => record.Cost != null && record.ClientId != null);
        vendors.Rejected.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task OpenRouters_broadcasts_and_answers_cost_what_OpenRouter_charges(long seed)
    {
        await using var receiver = await HookReceiver.StartAsync();
        await using var server = await SimServer.StartAsync(seed: seed);
        using var vendors = new SimulatedVendors(server);
        server.Simulation.Webhooks.Targets = [new("openrouter", new Uri(receiver.Url, "/openrouter"))];
        await server.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        foreach (var hook in receiver.Hooks)
        {
            vendors.Receive("openrouter", new WebhookDelivery(receiver.Url.AbsoluteUri, new Dictionary<string, string> { ["authorization"] = hook.Authorization! }, hook.Body), Settled);
        }

        await vendors.FetchAsync("openrouter", vendors.Announced);
        var told = vendors.Records("openrouter");
        ShouldBeTheTruth(told, server, seed);
        told.ShouldAllBe(record => record.ClientId != null);

        await vendors.FetchAsync("openrouter", [.. server.Truth("openrouter", "generation").Select(item => item.NativeId)]);
        var asked = vendors.Records("openrouter");
        asked.Sum(record => record.Cost).ShouldBe(told.Sum(record => record.Cost));
        asked.Select(record => (record.IdempotencyKey, record.OccurredAt)).Intersect(told.Select(record => (record.IdempotencyKey, record.OccurredAt))).Count().ShouldBe(told.Count);
    }

    private static void ShouldBeTheTruth(IReadOnlyList<UsageRecord> records, SimServer server, long seed)
    {
        var truth = server.Truth("openrouter", "generation").ToList();
        var billed = records.Where(record => record.Metric is "llm.tokens.input" or "llm.tokens.output").Select(record => record with { Cost = 0 })
            .Concat(records.Select(record => record with { Quantity = 0 }));
        Sums(billed, _ => "").ShouldBe(Sums(truth, _ => ""), $"seed {seed}");
        Total(records, "llm.tokens.cached").ShouldBe(truth.Sum(item => Number(item.Details["cachedTokens"])));
        Total(records, "llm.tokens.reasoning").ShouldBe(truth.Sum(item => Number(item.Details["reasoningTokens"])));
    }

    /// <summary>Once in the middle, when much is not priced or priced wrongly, and again when all is settled.</summary>
    private static async Task CollectTwiceAsync(SimServer server, SimulatedVendors vendors, string provider)
    {
        await vendors.CollectAsync(provider, SimServer.From, server.Simulation.Clock.Now);
        server.Simulation.Clock.Set(Settled);
        await vendors.CollectAsync(provider, SimServer.From, SimServer.To);
    }

    private static decimal Total(IEnumerable<UsageRecord> records, string metric) => records.Where(record => record.Metric == metric).Sum(record => record.Quantity);

    private static List<string> Sums(IEnumerable<UsageRecord> records, Func<UsageRecord, string> kind) =>
        Lines(records.Select(record => ($"{record.ClientId}/{record.AgentId}/{kind(record)}", record.Quantity, record.Cost ?? 0)));

    private static List<string> Sums(IEnumerable<TruthItem> items, Func<TruthItem, string> kind) =>
        Lines(items.Select(item => ($"{item.ClientId}/{item.AgentId}/{kind(item)}", Number(item.Quantity), item.Cost is null ? 0 : Number(item.Cost))));

    private static List<string> Lines(IEnumerable<(string Line, decimal Quantity, decimal Cost)> items) => [.. items
        .GroupBy(item => item.Line)
        .Select(group => $"{group.Key} {ExactDecimal.ToText(group.Sum(item => item.Quantity))} {ExactDecimal.ToText(group.Sum(item => item.Cost))}")
        .Order(StringComparer.Ordinal)];

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
