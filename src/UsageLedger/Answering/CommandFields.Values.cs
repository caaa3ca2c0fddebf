using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Answering;

/// <content>Numbers, times and flags.</content>
public sealed partial class CommandFields
{
    /// <summary>A JSON integer within these bounds.</summary>
    public int? Whole(string name, int min, int max)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var whole) && whole >= min && whole <= max)
        {
            return whole;
        }

        Refuse(name, value.ValueKind == JsonValueKind.Number ? "out_of_range" : Refusals.WrongType, $"must be a whole number from {min} to {max}");
        return null;
    }

    /// <summary>A string or a JSON number, exact to 28 digits.</summary>
    public decimal? Number(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is not (JsonValueKind.String or JsonValueKind.Number))
        {
            Refuse(name, Refusals.WrongType, "must be a number, or a string that holds one");
            return null;
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
        switch (ExactDecimal.Read(Encoding.UTF8.GetBytes(text), out var number))
        {
            case DecimalReading.Exact:
                return number;
            case DecimalReading.OutOfRange:
                Refuse(name, "out_of_range", $"must have at most {ExactDecimal.DigitsMax} significant digits");
                return null;
            default:
                Refuse(name, Refusals.NotANumber, "must be a number");
                return null;
        }
    }

    public decimal RequiredNumber(string name) => Required(name) ? Number(name) ?? 0 : 0;

    /// <summary>RFC 3339 with Z or an offset.</summary>
    public Instant? Instant(string name)
    {
        if (Text(name, text => TextRules.Broken(text, TextRules.TextMax)) is not { } given)
        {
            return null;
        }

        if (InstantText.Broken(Encoding.UTF8.GetBytes(given), out var instant) is not { } rule)
        {
            return instant;
        }

        Refuse(name, rule.Code, rule.Message);
        return null;
    }

    /// <summary>A date such as <c>2026-10-31</c> within <see cref="DateBounds"/>.</summary>
    public LocalDate? Day(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        var day = DateBounds.Day(text);
        if (day is { } date && DateBounds.Hold(date))
        {
            return date;
        }

        Refuse(name, day is null ? "not_a_date" : DateBounds.Code, day is null ? "must be a date such as 2026-10-31" : DateBounds.Rule);
        return null;
    }

    public LocalDate? RequiredDay(string name) => Required(name) ? Day(name) : null;

    public bool? Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return null;
        }

        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
        {
            return value.GetBoolean();
        }

        Refuse(name, Refusals.WrongType, "must be true or false");
        return null;
    }
}
