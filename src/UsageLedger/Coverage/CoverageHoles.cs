using NodaTime;

namespace UsageLedger.Coverage;

/// <summary>Puts adjacent hours that are not covered together, as long as the vendor says equally much of them.</summary>
internal static class CoverageHoles
{
    private static readonly Duration Hour = Duration.FromHours(1);

    public static IReadOnlyList<CoverageHole> Of(string sourceId, IReadOnlyList<DayJudgement> days)
    {
        var holes = new List<CoverageHole>();
        foreach (var part in days.SelectMany(day => OfDay(sourceId, day)))
        {
            if (holes.Count > 0 && holes[^1] is var last && last.To == part.From && last.Expected is null == part.Expected is null)
            {
                holes[^1] = last with { To = part.To, Hours = last.Hours + part.Hours, Expected = last.Expected + part.Expected, Found = last.Found + part.Found };
            }
            else
            {
                holes.Add(part);
            }
        }

        return holes;
    }

    /// <summary>Of several holes in a day that the vendor counts as a whole, each is told all that the day lacks: nobody knows which lacks it.</summary>
    private static IEnumerable<CoverageHole> OfDay(string sourceId, DayJudgement day)
    {
        var parts = new List<CoverageHole>();
        foreach (var hour in day.Hours.Where(hour => !hour.Covered))
        {
            var found = hour.ByWebhook + hour.ByPoll + hour.Both;
            if (parts.Count > 0 && parts[^1] is var last && last.To == hour.Hour && last.Expected is null == hour.Expected is null)
            {
                parts[^1] = last with { To = hour.Hour + Hour, Hours = last.Hours + 1, Expected = last.Expected + hour.Expected, Found = last.Found + found };
            }
            else
            {
                parts.Add(new CoverageHole(sourceId, hour.Hour, hour.Hour + Hour, 1, hour.Expected, found));
            }
        }

        return day.Missing is { } missing ? parts.Select(part => part with { Expected = part.Found + missing }) : parts;
    }
}
