using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>What holds for every vendor's total, whoever tells it.</summary>
internal static class TotalRules
{
    /// <summary>No account has more in a day; so all totals of years still add up.</summary>
    public const long RecordsMax = 1_000_000_000_000;

    /// <summary>How many records a total is of; null: what the vendor says is no such count.</summary>
    public static long? Records(decimal? told) => told is >= 0 and <= RecordsMax && decimal.IsInteger(told.Value) ? (long)told.Value : null;

    /// <summary>The total, if it may be kept.</summary>
    /// <exception cref="FormatException">It may not.</exception>
    public static VendorTotal Kept(VendorTotal total)
    {
        Text("category", total.Category);
        Text("unit", total.Unit);
        return Currencies.Contains(total.Currency) ? total : throw new FormatException("its currency is unknown");
    }

    private static void Text(string name, string? text)
    {
        if (text is not null && TextRules.Broken(text, TextRules.TextMax, mayBeEmpty: name == "unit") is { } rule)
        {
            throw new FormatException($"its {name} {rule.Message}");
        }
    }
}
