namespace UsageLedger.Anomalies;

/// <summary>Missing data: silence for as many hours as usually hold a dozen records, which the same hours of the weeks before never were.</summary>
internal static class MissingRule
{
    private const decimal RecordsMin = 12m;

    /// <summary>From so many weeks on one of them may have been silent too: it may have been missing then.</summary>
    private const int WeeksForgiving = 6;

    public static Finding? Find(LineWindow line)
    {
        if (Middle.MedianOf(line.PerWeek(week => line[week, 0].Records)) < 1)
        {
            return null;
        }

        for (var hours = 1; hours <= HoursOfWeek.HoursMax && line[0, hours - 1].Records == 0; hours++)
        {
            var records = line.PerWeek(week => line.Last(hours, week).Records);
            var silent = records.Count(count => count == 0);
            if (Middle.MedianOf(records) >= RecordsMin && silent <= (line.Weeks >= WeeksForgiving ? 1 : 0))
            {
                return new Finding(
                    AnomalyKinds.MissingData, hours, Middle.MedianOf(line.PerWeek(week => line.Last(hours, week).Quantity)), 0);
            }
        }

        return null;
    }

    /// <summary>Two hours in a row hold usage again.</summary>
    public static bool IsCalm(LineWindow line) => line[0, 0].Records > 0 && line[0, 1].Records > 0;
}
