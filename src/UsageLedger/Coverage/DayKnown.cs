using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>All that the hours of a source's UTC day are judged by. Hours are bits, the lowest for the first hour.</summary>
/// <param name="Held">Hours that a completed run held whole.</param>
/// <param name="HeldToEnd">Those of which such a run reached to the end of the day.</param>
/// <param name="Counted">Hours of which the vendor counts records.</param>
/// <param name="Lacking">Those in which it counts more than was found.</param>
/// <param name="Missing">What the vendor counts of the whole day beyond what was found, of each metric; null: it counts no whole day.</param>
/// <param name="AsOf">When the vendor was asked; null: it says nothing of the day.</param>
internal readonly record struct DayKnown(int Held, int HeldToEnd, int Counted, int Lacking, long? Missing, Instant? AsOf)
{
    public static DayKnown Of(DayFacts day)
    {
        var (counted, lacking) = (0, 0);
        var (missing, asOf) = ((long?)null, (Instant?)null);
        foreach (var total in day.Totals)
        {
            asOf = asOf is { } earlier ? Instant.Min(earlier, total.AsOf) : total.AsOf;
            missing = total.Records is { } records ? (missing ?? 0) + Math.Max(0, records - Found(day, total)) : missing;
            for (var hour = 0; total.Hours is { } hours && hour < CoveredHours.OfDay; hour++)
            {
                counted |= hours[hour] is null ? 0 : 1 << hour;
                lacking |= hours[hour] > FoundIn(day, total, hour) ? 1 << hour : 0;
            }
        }

        return new DayKnown(day.Held, day.HeldToEnd, counted, lacking, missing, asOf);
    }

    private static long Found(DayFacts day, DayTotal total) => day.Found.Where(metric => total.Counts(metric.Metric)).Sum(metric => metric.Records);

    private static long FoundIn(DayFacts day, DayTotal total, int hour) =>
        day.Found.Where(metric => total.Counts(metric.Metric)).Sum(metric => metric.Hours[hour]);
}
