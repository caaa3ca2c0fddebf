using NodaTime;

namespace UsageLedger.Simulators.Twilio;

/// <summary>Into which periods a list of usage records cuts the dates it is asked for. Dates are of UTC, both ends included.</summary>
internal static class UsagePeriods
{
    private const int DaysMax = 400;

    /// <summary>Null: there is no such list.</summary>
    /// <param name="list">Empty for the plain one.</param>
    public static IReadOnlyList<(LocalDate Start, LocalDate End)>? Of(string list, LocalDate start, LocalDate end, LocalDate today)
    {
        var month = today.With(DateAdjusters.StartOfMonth);
        return list switch
        {
            "" or "AllTime" => [(start, end)],
            "Daily" => [.. Days(start, end).Select(day => (day, day))],
            "Monthly" => Cut(start, end, day => day.With(DateAdjusters.EndOfMonth)),
            "Yearly" => Cut(start, end, day => new LocalDate(day.Year, 12, 31)),
            "Today" => [(today, today)],
            "Yesterday" => [(today.PlusDays(-1), today.PlusDays(-1))],
            "ThisMonth" => [(month, today)],
            "LastMonth" => [(month.PlusMonths(-1), month.PlusDays(-1))],
            _ => null
        };
    }

    /// <exception cref="FormatException">It is neither a date nor <c>-30days</c>.</exception>
    public static LocalDate Date(string? text, LocalDate today, LocalDate otherwise) =>
        string.IsNullOrEmpty(text) ? otherwise
        : text is [('-' or '+'), .. var days, 'd', 'a', 'y', 's'] && int.TryParse(days, out var count) ? today.PlusDays(text[0] == '-' ? -count : count)
        : TwilioDates.Date(text);

    private static IEnumerable<LocalDate> Days(LocalDate start, LocalDate end) =>
        Enumerable.Range(0, Math.Clamp(Period.DaysBetween(start, end) + 1, 0, DaysMax)).Select(start.PlusDays);

    private static List<(LocalDate Start, LocalDate End)> Cut(LocalDate start, LocalDate end, Func<LocalDate, LocalDate> lastOf) =>
        [.. Days(start, end).GroupBy(lastOf).Select(days => (days.Min(), days.Max()))];
}
