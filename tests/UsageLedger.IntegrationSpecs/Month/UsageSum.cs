using System.Globalization;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>What a ledger should hold of one client's agent and metric in some time.</summary>
/// <param name="When">A UTC day, a cycle, or nothing for all of the time.</param>
internal sealed record UsageSum(string When, string Client, string Provider, string? Agent, string Metric, string Unit, decimal Quantity, decimal? Cost, long Records)
{
    /// <summary>The cost of several metrics together, where their vendor tells it once in parts and once whole.</summary>
    public static UsageSum Whole(string when, string client, string provider, string? agent, decimal cost) => new(when, client, provider, agent, "*", "", 0, cost, 0);

    /// <summary>Sums of the same, sorted.</summary>
    public static IReadOnlyList<UsageSum> Together(IEnumerable<UsageSum> parts) =>
    [
        .. parts.GroupBy(part => part with { Quantity = 0, Cost = null, Records = 0 })
            .Select(same => same.Key with
            {
                Quantity = same.Sum(part => part.Quantity), Records = same.Sum(part => part.Records),
                Cost = same.All(part => part.Cost is null) ? null : same.Sum(part => part.Cost),
            })
            .OrderBy(sum => sum.ToString(), StringComparer.Ordinal),
    ];

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{When} {Client} {Provider} {Agent} {Metric}: {Quantity:0.############################} {Unit}, {Cost:0.############################} USD, {Records} records");
}
