using FsCheck;
using FsCheck.Fluent;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Recording;

namespace UsageLedger.Specs.Collecting;

/// <summary>A generation and what becomes of its broadcast.</summary>
/// <param name="ArrivesAt">A step; beyond the last: it is lost.</param>
/// <param name="CostAt">When its cost is told, not before it arrives itself; beyond the last: never.</param>
internal sealed record Told(ActivityKey Key, string Model, DayFigures Figures, int ArrivesAt, int CostAt)
{
    public const int Steps = 5;

    private static readonly Gen<Told> One =
        from key in Gen.Elements(new ActivityKey("aaaa", "alpha"), new ActivityKey("bbbb", "beta"))
        from model in Gen.Elements("m1", "m2")
        from tokens in Gen.Choose(1, 1_000)
        from reasoning in Gen.Choose(0, 50)
        from cost in Gen.Choose(0, 5_000)
        from arrives in Gen.Choose(0, Steps + 2)
        from costLater in Gen.Frequency((3, Gen.Constant(0)), (1, Gen.Choose(1, Steps + 2)))
        select new Told(key, model, new DayFigures(tokens, tokens + 1, reasoning, 1, cost * 0.000_000_01m, 0), arrives, arrives + costLater);

    public static Gen<Told[]> Days { get; } = from many in Gen.Choose(0, 14) from all in Gen.ArrayOf(One, many) select all;

    public bool IsLost => ArrivesAt >= Steps;

    public static List<KeyDayTotal> Totals(IEnumerable<Told> all) => [.. all.GroupBy(one => (one.Key, one.Model))
        .Select(group => new KeyDayTotal(group.Key.Key, group.Key.Model, DayFigures.Sum(group.Select(one => one.Figures))))];
}

/// <summary>What a ledger holds of a day, told step by step.</summary>
internal sealed class RemainderLedger(IReadOnlyList<Told> generations)
{
    private static readonly LocalDate Day = new(2026, 10, 3);
    private readonly List<KeyDayTotal> totals = Told.Totals(generations);
    private readonly Dictionary<string, UsageRecord> booked = new(StringComparer.Ordinal);
    private int now = -1;
    private int costsUntil = -1;

    public void Broadcast(int step) => now = step;

    /// <summary>Costs that broadcasts did not tell.</summary>
    public void TellCosts(int step) => costsUntil = step;

    public void Poll(bool costsMayCome)
    {
        var held = CapturedDay.Of(Day, [.. Captured(), .. booked.Values.Select(Sum)], new Dictionary<string, string>());
        foreach (var left in Remainders.Of(totals, held.Told, new HashSet<string> { "alpha", "beta" }, costsMayCome))
        {
            foreach (var record in RemainderRecords.Of(Vendors.Source("openrouter"), Day, left, held.Booked))
                booked[record.IdempotencyKey] = booked.TryGetValue(record.IdempotencyKey, out var known) ? CollectedState.After(record, known, RecordingMode.Polled) : record;
        }
    }

    public void ShouldHoldTheQuantities() => Held().Select(held => held with { Figures = held.Figures with { Cost = 0 } }).ShouldBe(
        totals.Select(total => total with { Figures = total.Figures with { Cost = 0 } }));

    public void ShouldHoldTheCosts() => Held().ShouldBe(totals);

    public void ShouldHoldNoMoreThanTheCosts() =>
        Held().Zip(totals).ShouldAllBe(pair => pair.First.Figures.Cost <= pair.Second.Figures.Cost);

    private IEnumerable<KeyDayTotal> Held()
    {
        var held = CapturedDay.Of(Day, [.. Captured(), .. booked.Values.Select(Sum)], new Dictionary<string, string>());
        return totals.Select(total => total with
        {
            Figures = DayFigures.Sum(held.Told.Where(told => told.KeyName == total.Key.Name && told.Model == total.Model).Select(told => told.Figures)
                .Concat(held.Places.Where(place => place.Key == total.Key && place.Model == total.Model).Select(place => place.Figures))),
        });
    }

    /// <summary>The cost is on the generation, and of those that the vendor would never tell only the total knows it.</summary>
    private IEnumerable<CapturedSum> Captured() => generations.Where(one => one.ArrivesAt <= now).SelectMany(one => new[]
    {
        new CapturedSum(one.Key.Name, one.Model, "llm.tokens.input", null, one.Figures.Input, 0, 0, 0),
        new CapturedSum(one.Key.Name, one.Model, "llm.tokens.output", null, one.Figures.Output, 0, 0, 0),
        new CapturedSum(one.Key.Name, one.Model, "llm.tokens.reasoning", null, one.Figures.Reasoning, 0, 0, 0),
        new CapturedSum(one.Key.Name, one.Model, "llm.generation", null, 1, IsPriced(one) ? one.Figures.Cost : 0, 0, IsPriced(one) ? 0 : 1),
    });

    private bool IsPriced(Told one) => one.CostAt == one.ArrivesAt || one.CostAt <= costsUntil;

    private static CapturedSum Sum(UsageRecord record) => new(
        record.Attribute("mapping.apikey"), record.ResourceId, record.Metric, record.IdempotencyKey, record.Quantity, record.Cost ?? 0, 0, record.Cost is null ? 1 : 0);
}
