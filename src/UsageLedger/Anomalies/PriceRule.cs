namespace UsageLedger.Anomalies;

/// <summary>Price drift: what a unit costs in two hours in a row against all hours of this time of the week in the weeks before.</summary>
internal static class PriceRule
{
    private const decimal Scales = 4m;
    private const decimal ShareMin = 0.02m;
    private const long RecordsMin = 3;

    /// <summary>Hours of the weeks before whose price must be known.</summary>
    private const int HoursKnownMin = 12;

    private const int FiguresKept = 10;

    public static Finding? Find(LineWindow line) =>
        Off(line) is { } off && off.Now * off.Before > 0 && Math.Min(Math.Abs(off.Now), Math.Abs(off.Before)) > off.Band
            ? new Finding(AnomalyKinds.PriceDrift, 2, Short(off.Usual), Short(off.Usual + off.Now))
            : null;

    public static bool IsCalm(LineWindow line) =>
        Off(line) is { } off && Math.Max(Math.Abs(off.Now), Math.Abs(off.Before)) <= off.Band / 2;

    /// <summary>How far the last two hours are off; null where it cannot be said.</summary>
    private static (decimal Usual, decimal Band, decimal Now, decimal Before)? Off(LineWindow line)
    {
        if (!IsTold(line[0, 0]) || !IsTold(line[0, 1]))
        {
            return null;
        }

        var prices = new List<decimal>();
        for (var week = 1; week <= line.Weeks; week++)
        {
            for (var back = 0; back < HoursOfWeek.HoursMax; back++)
            {
                if (line[week, back] is { IsPriced: true } hour)
                {
                    prices.Add(hour.UnitPrice);
                }
            }
        }

        if (prices.Count < HoursKnownMin)
        {
            return null;
        }

        var usual = Middle.Of([.. prices]);
        var band = Math.Max(Scales * usual.Scale, ShareMin * Math.Abs(usual.Median));
        return (usual.Median, band, line[0, 0].UnitPrice - usual.Median, line[0, 1].UnitPrice - usual.Median);
    }

    private static bool IsTold(HourSum hour) => hour.IsPriced && hour.Records >= RecordsMin;

    /// <summary>A quotient to so many figures as somebody reads.</summary>
    private static decimal Short(decimal price)
    {
        var places = 0;
        for (var rest = Math.Abs(price); rest is > 0 and < 1_000_000_000m && places < 28 - FiguresKept; rest *= 10)
        {
            places++;
        }

        return Math.Round(price, places, MidpointRounding.ToEven);
    }
}
