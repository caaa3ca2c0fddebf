using UsageLedger.Simulators.Truth;
using UsageLedger.Simulators.World;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>Holds what a ledger tells of a month against the true bill, to the last digit.</summary>
internal static class MonthTruth
{
    /// <summary>
    /// Every call and message is there by its own id; of the generations some were never told, and stand in the remainder of their day. Calls that
    /// never came about are no usage.
    /// </summary>
    public static void ShouldHaveAll(SimWorld world, IReadOnlySet<string> told) =>
        TrueBill.Of(world).Where(item => item.Kind != "generation" && !told.Contains(item.NativeId) && (item.Kind, item.Cost) is not ("call", null))
            .Select(item => $"{item.Provider} {item.NativeId}, which ended {item.OccurredAt}").ShouldBeEmpty();

    public static void ShouldBeOfEachDay(IReadOnlyList<UsageSum> told, SimWorld world) =>
        ShouldBe(told, TrueUsage.Of(world, (_, _, at) => $"{at.InUtc().Date:uuuu-MM-dd}"));

    /// <summary>Of OpenRouter all cycles of a client together: the remainder of a day stands at its noon, whatever side of a cycle's edge the lost usage lay on.</summary>
    public static void ShouldBeOfEachCycle(IReadOnlyList<CycleLines> cycles, SimWorld world)
    {
        string When(string provider, string cycle) => provider == TrueUsage.OpenRouter ? "" : cycle;
        ShouldBe(
            cycles.SelectMany(cycle => cycle.Lines.Select(line => line with { When = When(line.Provider, line.When) })),
            TrueUsage.Of(world, (provider, client, at) => When(provider, cycles.SingleOrDefault(cycle => cycle.Holds(client, at))?.Id ?? $"no cycle holds {at}")));
    }

    /// <summary>All but cached tokens, which OpenRouter tells in broadcasts alone: of those there can be no more than there were.</summary>
    private static void ShouldBe(IEnumerable<UsageSum> told, IReadOnlyList<UsageSum> truth)
    {
        var held = TrueUsage.Comparable(told);
        var cached = truth.Where(IsCached).ToDictionary(sum => (sum.When, sum.Client, sum.Agent), sum => sum.Quantity);
        var (all, due) = (held.Where(sum => !IsCached(sum)).Select(sum => sum.ToString()).ToList(), truth.Where(sum => !IsCached(sum)).Select(sum => sum.ToString()).ToList());
        all.Except(due).ShouldBeEmpty("told and not true");
        due.Except(all).ShouldBeEmpty("true and not told");
        all.Count.ShouldBe(due.Count, "nothing is told twice");
        held.Where(IsCached).ShouldAllBe(sum => sum.Quantity <= cached.GetValueOrDefault(new(sum.When, sum.Client, sum.Agent)));
    }

    private static bool IsCached(UsageSum sum) => sum.Metric == TrueUsage.Cached;
}
