namespace UsageLedger.Collecting.OpenRouter;

/// <summary>A day's total of one API key and model.</summary>
/// <param name="Key">Without hash: what the whole account's total has beyond those of its listed keys.</param>
internal sealed record DayTotal(ActivityKey Key, string Model, DayFigures Figures);

/// <summary>What was told item by item of a day under one key's name and model.</summary>
/// <param name="IsPending">Of some of it the cost is not known yet.</param>
internal sealed record DayCaptured(string? KeyName, string? Model, DayFigures Figures, bool IsPending);

/// <summary>What a total has beyond what was told item by item.</summary>
/// <param name="IsCostOpen">Usage that was told will yet tell its own cost, which is within the total: what is missing of the cost is not known.</param>
internal sealed record Remainder(DayTotal Of, DayFigures Figures, bool IsCostOpen);

/// <summary>
/// Decides what is missing of a day. Everything told is taken off the totals exactly once, off its own key and model first: then, as names
/// may differ between what is told and what is listed, off its key's other models, and only if its key is not listed, off other keys. So
/// however the names fit, what was told and what remains are never more than the totals.
/// </summary>
internal static class Remainders
{
    /// <param name="listed">The names of all keys whose totals were asked for, also of those that have none.</param>
    /// <param name="costsMayCome">Whether a pending cost is still expected; else the total decides.</param>
    public static IReadOnlyList<Remainder> Of(
        IReadOnlyList<DayTotal> totals, IReadOnlyList<DayCaptured> captured, IReadOnlySet<string> listed, bool costsMayCome)
    {
        bool IsListed(DayCaptured told) => told.KeyName is { } name && listed.Contains(name);
        Func<DayCaptured, DayTotal, bool>[] nearness =
        [
            (told, total) => told.KeyName == total.Key.Name && told.Model == total.Model,
            (told, total) => told.KeyName == total.Key.Name,
            (told, total) => !IsListed(told) && total.Key.Name is null && told.Model == total.Model,
            (told, total) => !IsListed(told) && told.Model == total.Model,
            (told, _) => !IsListed(told),
        ];

        var missing = totals.Select(total => total.Figures.OrNothing()).ToArray();
        var spare = captured.Select(told => told.Figures).ToArray();
        foreach (var isNear in nearness)
        {
            for (var from = 0; from < spare.Length; from++)
            {
                for (var off = 0; off < missing.Length; off++)
                {
                    if (isNear(captured[from], totals[off]))
                    {
                        var taken = DayFigures.Least(spare[from], missing[off]);
                        (spare[from], missing[off]) = (spare[from] - taken, missing[off] - taken);
                    }
                }
            }
        }

        return [.. totals.Select((total, at) => new Remainder(
            total, missing[at],
            costsMayCome && captured.Any(told => told.IsPending && (told.KeyName == total.Key.Name || !IsListed(told)))))];
    }
}
