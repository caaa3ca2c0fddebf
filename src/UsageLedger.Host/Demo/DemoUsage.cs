using NodaTime;

namespace UsageLedger.Host.Demo;

/// <summary>A month of made-up usage: calls by the second, the tokens that their agents use, messages sent after them.</summary>
/// <param name="Priced">What has its price from the start, in the order it happened.</param>
/// <param name="Unpriced">What the vendor prices later; here with the price that it gets.</param>
/// <param name="Wrong">Keys among <paramref name="Priced"/> that turn out never to have happened.</param>
internal sealed record DemoUsage(IReadOnlyList<DemoRecord> Priced, IReadOnlyList<DemoRecord> Unpriced, IReadOnlyList<DemoRecord> Wrong)
{
    private const int OpensAt = 7 * 3600;
    private const int OpenSeconds = 13 * 3600;
    private const int UnpricedEvery = 100;
    private const int WrongEvery = 700;

    public IEnumerable<DemoRecord> Lasting => Priced.Except(Wrong).Concat(Unpriced);

    public static DemoUsage Of(DemoMonth month, IReadOnlyList<DemoClient> clients)
    {
        var all = clients.SelectMany(client => Of(month, client)).ToList();
        var unpriced = all.Where((record, index) => record.Metric == "call" && index % UnpricedEvery == 0).ToHashSet();
        var priced = all.Where(record => !unpriced.Contains(record)).OrderBy(record => record.OccurredAt).ToList();
        var wrong = priced.Where((record, index) => record.Metric == "message" && index % WrongEvery < 3).ToList();
        return new DemoUsage(priced, [.. unpriced], wrong);
    }

    private static IEnumerable<DemoRecord> Of(DemoMonth month, DemoClient client)
    {
        var zone = DateTimeZoneProviders.Tzdb[client.TimeZone];
        var dice = new DemoDice((ulong)((month.Month.Year * 100) + month.Month.Month) ^ ((ulong)client.Calls << 32));
        for (var call = 1; call <= client.Calls; call++)
        {
            var at = month.At(zone, 1 + dice.Below(month.Days), OpensAt + dice.Below(OpenSeconds));
            var agent = client.Agents[dice.Below(client.Agents.Count)];
            var seconds = 15 + dice.Below(dice.Below(5) == 0 ? 900 : 200);
            var id = $"{month.Id}:{client.Id}:{call}";
            yield return Record($"call:{id}", "voice", "call", seconds, "second", 0.00125m);
            yield return Record($"input:{id}", "llm", "llm.tokens.input", 400 + (seconds * (20 + dice.Below(30))), "token", 0.00000015m);
            yield return Record($"output:{id}", "llm", "llm.tokens.output", 20 + (seconds * (2 + dice.Below(4))), "token", 0.0000006m);
            if (dice.Below(10) < 3)
            {
                yield return Record($"message:{id}", "text", "message", 1 + dice.Below(3), "segment", 0.0079m);
            }

            DemoRecord Record(string key, string provider, string metric, int quantity, string unit, decimal unitCost) =>
                new(key, client.Id, agent, provider, metric, quantity, unit, unitCost, at);
        }
    }
}
