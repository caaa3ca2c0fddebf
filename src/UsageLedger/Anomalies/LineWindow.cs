namespace UsageLedger.Anomalies;

/// <summary>The last hours of a line beside the same hours of the weeks before.</summary>
public sealed class LineWindow
{
    private readonly HourSum[] sums = new HourSum[(HoursOfWeek.WeeksMax + 1) * HoursOfWeek.HoursMax];

    private LineWindow(bool isWatched) => IsWatched = isWatched;

    /// <summary>How many weeks back the line is known: to the earliest week in which these hours hold any usage.</summary>
    public int Weeks { get; private set; }

    /// <summary>Whether the ledger took the client's usage at the time already, so that it can say what comes late.</summary>
    public bool IsWatched { get; }

    public HourSum this[int weeksBack, int hoursBack] => sums[(weeksBack * HoursOfWeek.HoursMax) + hoursBack];

    public static LineWindow Of(LineHours line, HoursOfWeek hours, bool isWatched)
    {
        var window = new LineWindow(isWatched);
        for (var week = 0; week <= HoursOfWeek.WeeksMax; week++)
        {
            for (var back = 0; back < HoursOfWeek.HoursMax; back++)
            {
                var sum = line[hours[week, back]];
                window.sums[(week * HoursOfWeek.HoursMax) + back] = sum;
                window.Weeks = sum.Records > 0 ? week : window.Weeks;
            }
        }

        return window;
    }

    /// <summary>What was used in so many hours up to the one that is judged.</summary>
    public HourSum Last(int hours, int weeksBack = 0)
    {
        var sum = default(HourSum);
        for (var back = 0; back < hours; back++)
        {
            sum += this[weeksBack, back];
        }

        return sum;
    }

    /// <summary>One figure of each week that is known.</summary>
    public decimal[] PerWeek(Func<int, decimal> figure)
    {
        var figures = new decimal[Weeks];
        for (var week = 1; week <= Weeks; week++)
        {
            figures[week - 1] = figure(week);
        }

        return figures;
    }
}
