using System.Runtime.CompilerServices;
using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Collecting.OpenRouter;

/// <summary>
/// Collects what broadcasts have missed: of each whole UTC day what OpenRouter's totals have beyond what the ledger was told, by API key and
/// model. Days before the window are looked at once more while something is booked for them, for a late broadcast makes that less.
/// </summary>
internal static class MissingUsage
{
    /// <summary>Of what a run calls the remainders that it makes.</summary>
    public const string NamePrefix = "activity-";

    /// <summary>Whole UTC days before the current one.</summary>
    public const int DaysMax = 30;

    /// <summary>By key and model, of one day.</summary>
    private const int TotalsMax = 50_000;

    /// <summary>Vendors tell costs within a day; a pending one is an alarm after two, and after three it is not waited for.</summary>
    private static readonly Duration CostsComeWithin = Duration.FromDays(3);

    /// <summary>A page is a day; its cursor is the next. A day of which OpenRouter tells nothing is not judged: it may be too old, or not told yet.</summary>
    public static async IAsyncEnumerable<CollectedPage> ReadAsync(
        VendorAccount account, CapturedSums captured, CollectionWindow window, [EnumeratorCancellation] CancellationToken ct)
    {
        var all = await ActivityRows.ReadAsync(account, null, null, ct);
        var limit = window.To.InUtc().Date;
        var told = all.Rows.Where(row => row.Day >= limit.PlusDays(-DaysMax)).ToList();
        var toldSince = told.Count > 0 ? Midnight(told.Min(row => row.Day)) : (Instant?)null;
        var days = told.GroupBy(row => row.Day)
            .Where(day => day.Key < limit && !(window.Cursor is { } cursor && string.CompareOrdinal(Text(day.Key), cursor) < 0))
            .OrderBy(day => day.Key).ToList();
        IReadOnlyList<ActivityKey>? keys = null;
        for (var at = 0; at < days.Count; at++)
        {
            var (day, totals) = (days[at].Key, days[at].ToList());
            var models = totals.DistinctBy(row => row.Permaslug).ToDictionary(row => row.Permaslug, row => row.Model, StringComparer.Ordinal);
            var held = CapturedDay.Of(day, await captured(day, ct), models);
            var made = new Normalised();
            var bytes = at == 0 ? all.Bytes : 0;
            if ((day >= window.From.InUtc().Date || held.Booked.Count > 0) && !held.IsAll(totals))
            {
                keys ??= await ActivityKeys.ReadAsync(account, ct);
                bytes += await TakeAsync(account, day, totals, keys, held, IsRecent(day, window), made, ct);
            }

            yield return made.ToPage(at + 1 < days.Count ? Text(days[at + 1].Key) : null, bytes) with { ToldSince = toldSince };
        }
    }

    private static async Task<long> TakeAsync(
        VendorAccount account, LocalDate day, List<ActivityRow> totals, IReadOnlyList<ActivityKey> listed, CapturedDay held, bool costsMayCome,
        Normalised made, CancellationToken ct)
    {
        var (byKey, bytes) = (new List<KeyDayTotal>(), 0L);
        var keys = listed.Concat(held.Places.Select(place => place.Key).Where(key => key.Hash.Length > 0)).DistinctBy(key => key.Hash).ToList();
        foreach (var key in keys)
        {
            var own = await ActivityRows.ReadAsync(account, day, key.Hash, ct);
            byKey.AddRange(own.Rows.Where(row => row.Day == day).GroupBy(row => row.Model)
                .Select(model => new KeyDayTotal(key, model.Key, DayFigures.Sum(model.Select(row => row.Figures)))));
            bytes += own.Bytes;
            if (byKey.Count > TotalsMax)
            {
                throw new VendorException(VendorException.Unreadable, $"OpenRouter tells more than {TotalsMax} totals by key and model of one day.");
            }
        }

        byKey.AddRange(Unlisted(totals, byKey));
        var (known, named) = (byKey.Select(total => (total.Key.Hash, total.Model)).ToHashSet(), keys.ToDictionary(key => key.Hash, StringComparer.Ordinal));
        byKey.AddRange(held.Places.Where(place => !known.Contains((place.Key.Hash, place.Model)))
            .Select(place => new KeyDayTotal(named.GetValueOrDefault(place.Key.Hash, place.Key), place.Model, default)));
        var names = listed.Select(key => key.Name).OfType<string>().ToHashSet(StringComparer.Ordinal);
        foreach (var (left, at) in Remainders.Of(byKey, held.Told, names, costsMayCome).Select((left, at) => (left, at)))
        {
            made.Take($"{NamePrefix}{Text(day)}-{at}", _ => RemainderRecords.Of(account.Source, day, left, held.Booked));
        }

        return bytes;
    }

    /// <summary>What the account's totals have beyond those of its keys: of keys that are deleted, or too many.</summary>
    private static List<KeyDayTotal> Unlisted(IEnumerable<ActivityRow> totals, List<KeyDayTotal> byKey)
    {
        var ofKeys = byKey.ToLookup(total => total.Model, total => total.Figures, StringComparer.Ordinal);
        return
        [
            .. totals.GroupBy(row => row.Model).Select(model => new KeyDayTotal(new ActivityKey("", null), model.Key, (
                DayFigures.Sum(model.Select(row => row.Figures)) - DayFigures.Sum(ofKeys[model.Key])).OrNothing()))
                .Where(total => !total.Figures.IsNothing),
        ];
    }

    private static bool IsRecent(LocalDate day, CollectionWindow window) => window.AskedAt - Midnight(day.PlusDays(1)) < CostsComeWithin;

    private static Instant Midnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();

    private static string Text(LocalDate day) => LocalDatePattern.Iso.Format(day);
}
