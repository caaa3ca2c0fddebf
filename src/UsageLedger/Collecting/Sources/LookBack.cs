using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Collecting.Sources;

/// <summary>How far before its cursor a run begins again: an ISO 8601 duration of days, hours, minutes and seconds.</summary>
public static class LookBack
{
    public static readonly Duration Default = Duration.FromDays(1);
    public static readonly Duration Max = Duration.FromDays(90);

    public static string Format(Duration lookBack) =>
        PeriodPattern.NormalizingIso.Format(Period.FromSeconds((long)lookBack.TotalSeconds));

    /// <summary>Null for what is no duration, has a part that is not of fixed length, a fraction of a second, or is out of bounds.</summary>
    public static Duration? Parse(string text)
    {
        if (PeriodPattern.NormalizingIso.Parse(text) is not { Success: true, Value: { Years: 0, Months: 0 } period }
            || new[] { period.Weeks, period.Days, period.Hours, period.Minutes, period.Seconds }.Any(part => Math.Abs(part) > Max.TotalSeconds))
        {
            return null;
        }

        var lookBack = period.ToDuration();
        return lookBack >= Duration.Zero && lookBack <= Max && lookBack.SubsecondNanoseconds == 0 ? lookBack : null;
    }
}
