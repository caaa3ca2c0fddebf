namespace UsageLedger.Anomalies;

/// <summary>
/// Duplicate storm: what the runs of a source told again in one hour, against this hour of the week and against what so many runs tell again
/// wherever they come, for a run may come an hour later for once. Of a source, quantities are duplicates and records are runs.
/// </summary>
internal static class StormRule
{
    private const decimal DuplicatesMin = 100m;
    private const decimal Factor = 3m;
    private const decimal Scales = 5m;

    public static Finding? Find(LineWindow source)
    {
        var came = source[0, 0].Quantity;
        var (usual, scale) = Usual(source, 0);
        return came >= DuplicatesMin && came >= Factor * usual && came > usual + (Scales * scale)
            ? new Finding(AnomalyKinds.DuplicateStorm, 1, usual, came)
            : null;
    }

    public static bool IsCalm(LineWindow source) => IsCalm(source, 0) && IsCalm(source, 1);

    private static bool IsCalm(LineWindow source, int back) =>
        source[0, back].Quantity <= Math.Max(DuplicatesMin / 2, 2 * Usual(source, back).Duplicates);

    private static (decimal Duplicates, decimal Scale) Usual(LineWindow source, int back)
    {
        var middle = Middle.Of(source.PerWeek(week => source[week, back].Quantity));
        var each = new List<decimal>();
        for (var week = 1; week <= source.Weeks; week++)
        {
            for (var hours = 0; hours < HoursOfWeek.HoursMax; hours++)
            {
                if (source[week, hours] is { Records: > 0 } told)
                {
                    each.Add(told.Quantity / told.Records);
                }
            }
        }

        var usual = Math.Max(middle.Median, Middle.MedianOf([.. each]) * source[0, back].Records);
        return (usual, Math.Max(middle.Scale, Middle.Root(usual)));
    }
}
