namespace UsageLedger.Anomalies;

/// <summary>Late burst: records of long ago that come in one hour, against the most that usually come late in these hours.</summary>
internal static class LateRule
{
    private const long RecordsMin = 50;
    private const decimal Factor = 3m;
    private const decimal Scales = 5m;

    /// <summary>Of what a usual hour of the line holds.</summary>
    private const decimal ShareMin = 0.5m;

    public static Finding? Find(LineWindow line)
    {
        var late = line[0, 0].Late;
        if (!line.IsWatched || late < RecordsMin)
        {
            return null;
        }

        var (usual, scale) = Usual(line);
        return late >= Factor * usual && late > usual + (Scales * scale)
            && late >= ShareMin * Middle.MedianOf(line.PerWeek(week => line[week, 0].Records))
                ? new Finding(AnomalyKinds.LateBurst, 1, usual, late)
                : null;
    }

    public static bool IsCalm(LineWindow line) =>
        Math.Max(line[0, 0].Late, line[0, 1].Late) <= Math.Max(RecordsMin / 2, 2 * Usual(line).Late);

    /// <summary>What comes late at this hour, or in these hours and has not come yet: a batch of every night may be an hour behind for once.</summary>
    private static (decimal Late, decimal Scale) Usual(LineWindow line)
    {
        var (outstanding, now) = (0m, default(Middle));
        for (var back = HoursOfWeek.HoursMax - 1; back >= 0; back--)
        {
            now = Middle.Of(line.PerWeek(week => line[week, back].Late));
            outstanding = Math.Max(0, outstanding + now.Median - (back > 0 ? line[0, back].Late : 0));
        }

        return (Math.Max(now.Median, outstanding), Math.Max(now.Scale, Middle.Root(outstanding)));
    }
}
