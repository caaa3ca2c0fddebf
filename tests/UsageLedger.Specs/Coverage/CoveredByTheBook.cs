using NodaTime;
using UsageLedger.Coverage;

namespace UsageLedger.Specs.Coverage;

/// <summary>What is covered, hour by hour and word by word, of single rows: slow, and plain to read.</summary>
internal static class CoveredByTheBook
{
    private static readonly Duration Hour = Duration.FromHours(1);

    public static (long Expected, long Covered) Of(SourceFacts facts, Instant from, Instant to, Instant now)
    {
        var (first, limit) = Expected(facts, now);
        var (expected, covered) = (0L, 0L);
        for (var at = first; at < limit; at += Hour)
        {
            if (at >= HourOf(from) && at < to)
            {
                expected++;
                covered += IsCovered(facts, at, first, limit) ? 1 : 0;
            }
        }

        return (expected, covered);
    }

    /// <summary>From the hour in which collecting began up to the last that has been over for an hour; of what lists no records, up to the last day whose hours all have.</summary>
    private static (Instant First, Instant Limit) Expected(SourceFacts facts, Instant now)
    {
        var (first, limit) = (HourOf(facts.Since), HourOf(facts.Since));
        while (limit + Hour + Hour <= now)
            limit += Hour;
        while (!facts.ListsRecords && limit > first && limit.InUtc().TimeOfDay != LocalTime.Midnight)
            limit -= Hour;
        return (first, limit);
    }

    private static Instant HourOf(Instant at)
    {
        var read = at.InUtc();
        return Instant.FromUtc(read.Year, read.Month, read.Day, read.Hour, 0);
    }

    private static Instant MidnightOf(LocalDate day) => Instant.FromUtc(day.Year, day.Month, day.Day, 0, 0);

    private static bool IsCovered(SourceFacts facts, Instant hour, Instant first, Instant limit)
    {
        var day = hour.InUtc().Date;
        var (start, end) = (MidnightOf(day), MidnightOf(day.PlusDays(1)));
        var totals = facts.Totals.Where(total => total.Day == day && (total.At is { } at ? at >= first && at < limit : start >= facts.Since)).ToList();
        var isSettled = totals.Count > 0 && totals.TrueForAll(total => total.AsOf >= end + Duration.FromDays(1));
        if (totals.FindAll(total => total.At == hour) is { Count: > 0 } ofHour)
        {
            return ofHour.Sum(total => Lack(total, facts, hour, hour + Hour)) == 0 && (isSettled || IsProven(hour));
        }

        var ofDay = totals.FindAll(total => total.At is null);
        var lacks = ofDay.Sum(total => Lack(total, facts, start, end)) > 0;
        return lacks
            ? IsProven(hour) && Enumerable.Range(0, 24).Select(n => start + (Hour * n)).Any(at => at >= first && at < limit && !IsProven(at))
            : IsProven(hour) || (ofDay.Count > 0 && isSettled);

        bool IsProven(Instant at) => facts.Runs.TryGetValue(at, out var run) && run.ProvenTo >= (facts.ListsRecords ? at + Hour : end);
    }

    private static long Lack(KnownTotal total, SourceFacts facts, Instant from, Instant to) => Math.Max(
        0, total.Records - facts.Found.Where(found => found.Hour >= from && found.Hour < to && total.Metric.Split('+').Contains(found.Metric)).Sum(found => found.All));
}
