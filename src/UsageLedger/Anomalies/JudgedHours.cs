using NodaTime;

namespace UsageLedger.Anomalies;

/// <summary>The hours of a tenant that one turn judges, and the hours that it must know for that.</summary>
/// <param name="From">When the first begins; a whole hour.</param>
/// <param name="To">When the last ends.</param>
public sealed record JudgedHours(Instant From, Instant To)
{
    /// <summary>Local time of a week may lie so far from the same time in UTC, by summer time; once for what begins and once for what ends.</summary>
    private const int ZoneHoursMax = 3;

    private static readonly Duration Week = Duration.FromDays(7);

    public int Count => (int)(To - From).TotalHours;

    public IEnumerable<Instant> All => Enumerable.Range(0, Count).Select(hours => From + Duration.FromHours(hours));

    public JudgedHours FirstHalf() => this with { To = From + Duration.FromHours(Count / 2) };

    /// <summary>The times that hold these hours, those right before, and the same of the weeks before; none overlap.</summary>
    public IReadOnlyList<(Instant Start, Instant End)> Known()
    {
        var known = new List<(Instant Start, Instant End)>();
        for (var weeks = HoursOfWeek.WeeksMax; weeks >= 0; weeks--)
        {
            var start = From - (Week * weeks) - Duration.FromHours(HoursOfWeek.HoursMax + ZoneHoursMax);
            var end = To - (Week * weeks) + Duration.FromHours(weeks == 0 ? 0 : ZoneHoursMax);
            if (known.Count > 0 && known[^1].End >= start)
            {
                known[^1] = (known[^1].Start, end);
            }
            else
            {
                known.Add((start, end));
            }
        }

        return known;
    }
}
