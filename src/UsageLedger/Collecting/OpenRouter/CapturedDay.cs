using NodaTime;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>What the ledger holds of a day: what was told item by item, and remainders by their idempotency keys.</summary>
internal sealed record CapturedDay(IReadOnlyList<DayCaptured> Told, IReadOnlyDictionary<string, CapturedSum> Booked, IReadOnlyList<KeyDayTotal> Places)
{
    /// <param name="models">Other names of models, by which a broadcast may call them.</param>
    public static CapturedDay Of(LocalDate day, IReadOnlyList<CapturedSum> sums, IReadOnlyDictionary<string, string> models)
    {
        var told = sums.Where(sum => sum.Remainder is null)
            .GroupBy(sum => (sum.ApiKey, Model: sum.ResourceId is { } named ? models.GetValueOrDefault(named, named) : null))
            .Select(group => new DayCaptured(group.Key.ApiKey, group.Key.Model, Figures(group), group.Any(sum => sum.Pending > 0)));
        var booked = sums.Where(sum => sum.Remainder is not null).DistinctBy(sum => sum.Remainder).ToDictionary(sum => sum.Remainder!, StringComparer.Ordinal);
        var places = booked.Values.Select(sum => RemainderRecords.PlaceOf(sum, day) is { } place ? place with { Figures = Figures([sum]) } : null)
            .OfType<KeyDayTotal>().GroupBy(place => (place.Key.Hash, place.Model))
            .Select(group => group.First() with { Figures = DayFigures.Sum(group.Select(place => place.Figures)) });
        return new CapturedDay([.. told], booked, [.. places]);
    }

    /// <summary>Told and booked together are what the vendor's totals say, model by model.</summary>
    public bool IsAll(IEnumerable<ActivityRow> totals)
    {
        var left = totals.Select(row => (row.Model, row.Figures))
            .Concat(Told.Select(told => (Model: told.Model ?? "", Figures: default(DayFigures) - told.Figures)))
            .Concat(Places.Select(place => (place.Model, Figures: default(DayFigures) - place.Figures)));
        return left.GroupBy(one => one.Model, one => one.Figures, StringComparer.Ordinal).All(group => DayFigures.Sum(group).IsNothing);
    }

    private static DayFigures Figures(IEnumerable<CapturedSum> sums) => DayFigures.Sum(sums.Select(sum => sum.Metric switch
    {
        "llm.tokens.input" => new DayFigures(sum.Quantity, 0, 0, 0, sum.Cost, sum.ByokCost),
        "llm.tokens.output" => new DayFigures(0, sum.Quantity, 0, 0, sum.Cost, sum.ByokCost),
        "llm.tokens.reasoning" => new DayFigures(0, 0, sum.Quantity, 0, sum.Cost, sum.ByokCost),
        "llm.generation" => new DayFigures(0, 0, 0, sum.Quantity, sum.Cost, sum.ByokCost),
        _ => new DayFigures(0, 0, 0, 0, sum.Cost, sum.ByokCost),
    }));
}
