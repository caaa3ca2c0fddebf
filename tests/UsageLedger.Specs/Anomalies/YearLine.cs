using NodaTime;
using UsageLedger.Anomalies;

namespace UsageLedger.Specs.Anomalies;

/// <summary>A line of a made-up client: how much it uses by hour, weekday and season.</summary>
/// <param name="Peak">Records in a busy hour at the beginning of the year.</param>
/// <param name="Growth">Of the year.</param>
/// <param name="Noise">How much an hour scatters beyond what chance does to so many records.</param>
/// <param name="Size">What a record holds.</param>
/// <param name="LateBatch">Whether a third of a day's records come in the night after.</param>
internal sealed record YearLine(
    AnomalyLine Line, DateTimeZone Zone, IReadOnlySet<LocalDate> Holidays, double Peak, double Growth, double Noise, double Size, double Scatter, decimal Price, double PriceNoise, bool LateBatch)
{
    private const double Night = 0.03;
    private const double WeekendShare = 0.35;
    private const double HolidayShare = 0.7;
    private const double TrickleShare = 0.01;

    /// <summary>Records of the hour on average.</summary>
    public double Mean(Instant hour, double yearShare)
    {
        var local = hour.InZone(Zone).LocalDateTime;
        var day = Math.Exp(-Math.Pow((local.Hour - 11.0) / 3, 2)) + (0.8 * Math.Exp(-Math.Pow((local.Hour - 16.0) / 2.5, 2))) + Night;
        var week = local.DayOfWeek is IsoDayOfWeek.Saturday or IsoDayOfWeek.Sunday ? WeekendShare : 1;
        var holiday = Holidays.Contains(local.Date) ? HolidayShare : 1;
        return Peak * day * week * holiday * (1 + (Growth * yearShare));
    }

    public HourSum Hour(Instant hour, double mean, double volume, double price, Chance chance)
    {
        var isNight = hour.InZone(Zone).Hour == 2;
        var late = chance.Poisson(mean * TrickleShare) + (LateBatch && isNight ? chance.Poisson(Peak * 3) : 0);
        var records = volume == 0 ? 0 : chance.Poisson(mean * volume * Math.Exp(Noise * chance.Normal()));
        if (records == 0)
        {
            return new HourSum(0, 0, 0, 0, late);
        }

        var size = Size * Math.Max(0.2, 1 + (Scatter * chance.Normal() / Math.Sqrt(records)));
        var quantity = Math.Round((decimal)(records * size), 3);
        var cost = Math.Round(quantity * Price * (decimal)(price * (1 + (PriceNoise * chance.Normal()))), 12);
        return new HourSum(quantity, cost, records, 0, late);
    }
}
