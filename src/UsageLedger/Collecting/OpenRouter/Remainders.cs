namespace UsageLedger.Collecting.OpenRouter;

/// <summary>A day's total of one API key and model.</summary>
/// <param name="Key">Without hash: what the whole account's total has beyond those of its listed keys.</param>
internal sealed record KeyDayTotal(ActivityKey Key, string Model, DayFigures Figures);

/// <summary>What was told item by item of a day under one key's name and model.</summary>
/// <param name="IsPending">Of some of it the cost is not known yet.</param>
internal sealed record DayCaptured(string? KeyName, string? Model, DayFigures Figures, bool IsPending);

/// <summary>What a total has beyond what was told item by item.</summary>
/// <param name="IsCostOpen">Usage that was told will yet tell its own cost, which is within the total: what is missing of the cost is not known.</param>
internal sealed record Remainder(KeyDayTotal Of, DayFigures Figures, bool IsCostOpen);

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
        IReadOnlyList<KeyDayTotal> totals, IReadOnlyList<DayCaptured> captured, IReadOnlySet<string> listed, bool costsMayCome)
    {
        bool IsListed(DayCaptured told) => told.KeyName is { } name && listed.Contains(name);
        var taking = new TakingOff([.. captured.Select(told => told.Figures)], [.. totals.Select(total => total.Figures.OrNothing())]);
        taking.Pass(from => (captured[from].KeyName, captured[from].Model), off => (totals[off].Key.Name, (string?)totals[off].Model));
        taking.Pass(from => captured[from].KeyName, off => totals[off].Key.Name);
        taking.Pass(from => captured[from].Model, off => totals[off].Model, from => !IsListed(captured[from]), off => totals[off].Key.Name is null);
        taking.Pass(from => captured[from].Model, off => totals[off].Model, from => !IsListed(captured[from]));
        taking.Pass(_ => "", _ => "", from => !IsListed(captured[from]));

        var open = captured.Where(told => costsMayCome && told.IsPending).ToList();
        var (openAnywhere, openKeys) = (open.Exists(told => !IsListed(told)), open.Select(told => told.KeyName).ToHashSet());
        return [.. totals.Select((total, at) => new Remainder(total, taking.Left(at), openAnywhere || openKeys.Contains(total.Key.Name)))];
    }
}
