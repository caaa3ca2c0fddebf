using NodaTime;
using NodaTime.Text;

namespace UsageLedger.Answering;

/// <summary>The days and times that may be asked for: any that a bill can be of, and far from where calendars and clocks end.</summary>
public static class DateBounds
{
    public const string Code = "out_of_range";
    public const string Rule = "must be of the years 2000 to 2100";

    private static readonly LocalDate First = new(2000, 1, 1);
    private static readonly LocalDate Last = new(2100, 12, 31);

    /// <summary>A day as <c>2026-10-31</c>; null: the text is none.</summary>
    public static LocalDate? Day(string text) => LocalDatePattern.Iso.Parse(text) is { Success: true, Value: var day } ? day : null;

    public static bool Hold(LocalDate day) => day >= First && day <= Last;

    public static bool Hold(Instant at) => at >= TimeBounds.Earliest && at < TimeBounds.End;
}
