using System.Globalization;

namespace UsageLedger.Collecting.Sources;

/// <summary>A schedule as people write it: minute, hour, day of month, month and day of week (0 and 7 are Sunday), with a field of seconds before them or without.</summary>
public static class CronText
{
    public const int TextMax = 120;

    private static readonly string[] Months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
    private static readonly string[] Days = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];

    private static readonly Field[] Fields =
    [
        new(0, 59, []), new(0, 59, []), new(0, 23, []), new(1, 31, []), new(1, 12, Months), new(0, 7, Days),
    ];

    public static bool IsValid(string text) => ToQuartz(text) is not null;

    /// <summary>
    /// The same schedule in the form of Quartz: with seconds, Sunday as 1, and <c>?</c> for the one of the two kinds of day that
    /// says nothing. Null for what is no schedule, or restricts both kinds of day, which Quartz cannot say.
    /// </summary>
    public static string? ToQuartz(string text)
    {
        var parts = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (text.Length > TextMax || parts.Length is not (5 or 6))
        {
            return null;
        }

        string[] all = parts.Length == 5 ? ["0", .. parts] : parts;
        var read = all.Select((part, index) => Read(part == "?" && index is 3 or 5 ? "*" : part, Fields[index], index == 5)).ToList();
        return read.Contains(null) || (read[3] != "*" && read[5] != "*") ? null
            : read[3] == "*" && read[5] != "*" ? string.Join(' ', read[0], read[1], read[2], "?", read[4], read[5])
            : string.Join(' ', read[0], read[1], read[2], read[3], read[4], "?");
    }

    private static string? Read(string part, Field field, bool isDayOfWeek)
    {
        var items = part.Split(',').Select(item => Item(item, field, isDayOfWeek)).ToList();
        return items.Contains(null) || (items.Count > 1 && items.Contains("*")) ? null : string.Join(',', items);
    }

    /// <summary><c>*</c>, a value, a range, each with a step or without.</summary>
    private static string? Item(string item, Field field, bool isDayOfWeek)
    {
        var steps = item.Split('/');
        var step = steps.Length == 2 ? Number(steps[1], 1, field.Max) : null;
        if (steps.Length > 2 || (steps.Length == 2 && step is null))
        {
            return null;
        }

        var ends = steps[0] == "*" ? [] : steps[0].Split('-').Select(end => Value(end, field, isDayOfWeek)).ToList();
        if (ends.Count > 2 || ends.Contains(null) || (ends.Count == 2 && ends[0] > ends[1]))
        {
            return null;
        }

        var span = ends.Count == 0 ? "*" : string.Join('-', ends.Select(end => end!.Value.ToString(CultureInfo.InvariantCulture)));
        return step is null ? span : string.Create(CultureInfo.InvariantCulture, $"{span}/{step}");
    }

    private static int? Value(string text, Field field, bool isDayOfWeek)
    {
        var named = Array.FindIndex(field.Names, name => name.Equals(text, StringComparison.OrdinalIgnoreCase));
        var value = named >= 0 ? named + (isDayOfWeek ? 0 : field.Min) : Number(text, field.Min, field.Max);
        return isDayOfWeek ? (value % Days.Length) + 1 : value;
    }

    private static int? Number(string text, int min, int max) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max ? number : null;

    private sealed record Field(int Min, int Max, string[] Names);
}
