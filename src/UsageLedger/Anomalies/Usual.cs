namespace UsageLedger.Anomalies;

/// <summary>What the weeks before have at some hours: the medians of quantity and records, and how far the quantities lie from theirs.</summary>
internal readonly record struct Usual(decimal Quantity, decimal Distance, decimal Records)
{
    /// <summary>What a few records scatter upwards of themselves, and downwards, where there is less room: for calls of every length.</summary>
    private const decimal OwnUp = 1.4m;
    private const decimal OwnDown = 1.2m;

    private const decimal ShareMin = 0.1m;
    private const decimal TellingRecords = 10m;

    /// <summary>Of so many hours up to the one that is judged.</summary>
    public static Usual Of(LineWindow line, int hours) => From(line, week => line.Last(hours, week));

    /// <summary>The median of the quantities alone, which mostly settles it.</summary>
    public static decimal QuantityOf(LineWindow line, int hours) => Middle.MedianOf(line.PerWeek(week => line.Last(hours, week).Quantity));

    /// <summary>Of one of the hours before.</summary>
    public static Usual At(LineWindow line, int back) => From(line, week => line[week, back]);

    /// <summary>
    /// How far a quantity lies above for no reason. The distance of a few weeks may be small by chance, so it is at least a share of what is usual,
    /// at least as much as the hours around scatter, and at least what so few records scatter of themselves.
    /// </summary>
    /// <param name="came">Tells how much a record holds where nothing is usual.</param>
    public decimal ScaleUp(HourSum came, LineWindow line)
    {
        var each = Records >= 1 ? Quantity / Records : came.Quantity / Math.Max(1, came.Records);
        return Math.Max(Math.Max(Distance, OwnUp * each * (1 + Middle.Root(Records))), Math.Max(ShareMin, Around(line)) * Quantity);
    }

    /// <summary>The same below, of so many hours, which level each other out.</summary>
    public decimal ScaleDown(int hours, LineWindow line)
    {
        var own = Records >= 1 ? OwnDown * Quantity / Middle.Root(Records) : Quantity;
        return Math.Max(Math.Max(Distance, own), Math.Max(ShareMin, Around(line) / Middle.Root(hours)) * Quantity);
    }

    /// <summary>By what share the hours around scatter about their medians, where they hold enough to tell.</summary>
    private static decimal Around(LineWindow line)
    {
        var shares = new List<decimal>();
        for (var back = 0; back < HoursOfWeek.HoursMax; back++)
        {
            var usual = At(line, back);
            for (var week = 1; week <= line.Weeks && usual.Records >= TellingRecords && usual.Quantity > 0; week++)
            {
                shares.Add(Math.Abs((line[week, back].Quantity / usual.Quantity) - 1));
            }
        }

        return shares.Count == 0 ? 0 : Middle.ToDeviation * Middle.MedianOf([.. shares]);
    }

    private static Usual From(LineWindow line, Func<int, HourSum> sum)
    {
        var middle = Middle.Of(line.PerWeek(week => sum(week).Quantity));
        return new Usual(middle.Median, middle.Scale, Middle.MedianOf(line.PerWeek(week => sum(week).Records)));
    }
}
