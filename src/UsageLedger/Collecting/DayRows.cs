using System.Text.Json;
using NodaTime;

namespace UsageLedger.Collecting;

/// <summary>Lists in which vendors add up days: so many rows of each day, and what is wrong with one is wrong with the answer.</summary>
internal static class DayRows
{
    /// <summary>Of one day; all of a day become one event.</summary>
    public const int OfDayMax = 10_000;

    /// <param name="what">A row, as a message names it.</param>
    /// <exception cref="VendorException">A row cannot be read, or a day has too many.</exception>
    public static List<T> Read<T>(string what, IEnumerable<JsonElement> items, Func<JsonElement, T> read, Func<T, LocalDate> dayOf)
    {
        var (rows, counts) = (new List<T>(), new Dictionary<LocalDate, int>());
        try
        {
            foreach (var item in items)
            {
                rows.Add(read(item));
                Count(counts, dayOf(rows[^1]));
            }

            return rows;
        }
        catch (FormatException unusable)
        {
            throw new VendorException(VendorException.Unreadable, $"{what} cannot be read: {unusable.Message}.");
        }
        catch (InvalidOperationException)
        {
            throw new VendorException(VendorException.Unreadable, $"{what} cannot be read: a text in it is no Unicode.");
        }
    }

    /// <exception cref="FormatException">The day has more than it may.</exception>
    public static void Count(Dictionary<LocalDate, int> counts, LocalDate day)
    {
        var count = counts[day] = counts.GetValueOrDefault(day) + 1;
        if (count > OfDayMax)
        {
            throw new FormatException($"its day has more than {OfDayMax}");
        }
    }
}
