using NodaTime;
using NodaTime.Text;
using UsageLedger.Attributing;
using UsageLedger.Recording;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>Makes usage of what is missing of a day: parts as a generation has them, under keys that each poll revises.</summary>
internal static class RemainderRecords
{
    /// <summary>What marks a record as one, with the day as value.</summary>
    public const string Attribute = "remainder";

    private const string Prefix = "activity:";
    private const string NoKey = "none";
    private const int NoonHour = 12;

    private static readonly string[] Parts = ["input", "output", "reasoning", "rest"];

    /// <summary>Nothing for what is not missing, unless something was booked for it, which is then nothing too.</summary>
    /// <param name="booked">Remainders of the day that are booked, by their idempotency keys.</param>
    public static IEnumerable<UsageRecord> Of(Source source, LocalDate day, Remainder left, IReadOnlyDictionary<string, CapturedSum> booked)
    {
        var figures = left.Figures;
        UsageRecord? Part(string part, string metric, decimal quantity, decimal? cost, string unit = "token")
        {
            var key = KeyOf(day, left.Of, part);
            return quantity != 0 || cost != 0 || booked.ContainsKey(key)
                ? Template(source, day, left.Of) with { IdempotencyKey = key, Metric = metric, Quantity = quantity, Unit = unit, Cost = cost }
                : null;
        }

        var rest = Part(Parts[3], "llm.generation", figures.Generations, CostOf(left, booked.GetValueOrDefault(KeyOf(day, left.Of, Parts[3]))), "generation");
        return new[]
        {
            Part(Parts[0], "llm.tokens.input", figures.Input, 0),
            Part(Parts[1], "llm.tokens.output", figures.Output, 0),
            Part(Parts[2], "llm.tokens.reasoning", figures.Reasoning, 0),
            rest is null || left.IsCostOpen || figures.ByokCost == 0 ? rest : rest with
            {
                Attributes = new AttributeList().Add(rest.Attributes).Add("byokCost", ExactDecimal.ToText(figures.ByokCost)).ToSorted(),
            },
        }.OfType<UsageRecord>();
    }

    /// <summary>Key and model of a booked remainder, without figures; null if it is none of this day.</summary>
    public static KeyDayTotal? PlaceOf(CapturedSum booked, LocalDate day)
    {
        var (key, start) = (booked.Remainder!, $"{Prefix}{LocalDatePattern.Iso.Format(day)}:");
        var end = key.LastIndexOf(':');
        return key.StartsWith(start, StringComparison.Ordinal) && end > start.Length && key[start.Length..end].Split(':', 2) is [var hash, var model]
            ? new KeyDayTotal(new ActivityKey(hash == NoKey ? "" : hash, booked.ApiKey), model, default)
            : null;
    }

    /// <summary>
    /// While a cost is expected to be told by itself it must not be here too: then this cost is pending, or nothing if no generation is missing
    /// or something was booked, for a pending cost would leave what was booked in its place.
    /// </summary>
    private static decimal? CostOf(Remainder left, CapturedSum? booked) =>
        !left.IsCostOpen ? (left.Figures.IsNothing ? 0 : left.Figures.Cost)
        : left.Figures.Generations > 0 && booked is null or { Pending: > 0 } ? null
        : 0;

    private static string KeyOf(LocalDate day, KeyDayTotal total, string part) =>
        $"{Prefix}{LocalDatePattern.Iso.Format(day)}:{(total.Key.Hash.Length == 0 ? NoKey : total.Key.Hash)}:{total.Model}:{part}";

    /// <summary>At noon, a day's usage is in the cycle that holds most of the day, whatever the client's time zone.</summary>
    private static UsageRecord Template(Source source, LocalDate day, KeyDayTotal total) => new()
    {
        Source = source.Id,
        IdempotencyKey = "",
        Provider = source.Provider,
        Metric = "",
        Quantity = 0,
        Unit = "",
        Currency = Currencies.Default,
        ResourceId = Broadcasts.Model(total.Model),
        OccurredAt = day.At(new LocalTime(NoonHour, 0)).InUtc().ToInstant(),
        Attributes = new AttributeList()
            .Add(Attribute, LocalDatePattern.Iso.Format(day))
            .Add("model", total.Model)
            .Add("apiKeyHash", total.Key.Hash)
            .Add(MappingKeys.ApiKey, total.Key.Name)
            .ToSorted(),
    };
}
