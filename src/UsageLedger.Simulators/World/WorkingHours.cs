using NodaTime;

namespace UsageLedger.Simulators.World;

/// <summary>When people call and write: mostly on working days, mostly by day.</summary>
internal static class WorkingHours
{
    private const int TriesMax = 64;
    private static readonly int[] PerMilleByHour =
        [60, 40, 30, 30, 40, 80, 200, 450, 800, 1_000, 1_000, 950, 800, 850, 950, 1_000, 900, 750, 550, 400, 300, 220, 150, 100];

    /// <summary>A moment in [from, to), drawn until it suits; whatever came last is taken.</summary>
    public static Instant Draw(Dice dice, Instant from, Instant to)
    {
        var moment = from;
        for (var tries = 0; tries < TriesMax; tries++)
        {
            moment = from + dice.Within(to - from - Duration.FromMilliseconds(1));
            if (dice.PerMille(Weight(moment.InUtc().LocalDateTime)))
            {
                return moment;
            }
        }

        return moment;
    }

    private static int Weight(LocalDateTime at) =>
        at.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? PerMilleByHour[at.Hour] * 2 / 5 : PerMilleByHour[at.Hour];
}
