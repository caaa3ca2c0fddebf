using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>Reads <c>agent:ID</c>, <c>number:NUMBER</c>, <c>apikey:ID</c> and <c>meta:NAME=VALUE</c>.</summary>
public static class MappingKeyReader
{
    public const int TextMax = 1_000;

    private const int DigitsMin = 3;
    private const int DigitsMax = 15;
    private const int LastDigits = 4;
    private const string NumberCharacters = "0123456789+-(). ";

    /// <summary>From a caller: a number is hashed here and goes no further. The hash itself is taken too, as reads of unattributed usage show it.</summary>
    /// <returns>Null for what is no key.</returns>
    public static MappingKey? Read(string text, NumberHash numbers) =>
        Parse(text) is not { } key ? null
        : key.Attribute != MappingKeys.Number || IsHash(key.Value) ? key
        : HashOf(key.Value, numbers);

    /// <summary>From the log, where a number is its hash.</summary>
    internal static MappingKey? Kept(string text, string? lastDigits) => Parse(text) is { } key ? key with { LastDigits = lastDigits } : null;

    private static MappingKey? Parse(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || colon == text.Length - 1)
        {
            return null;
        }

        var value = text[(colon + 1)..];
        return text[..colon] switch
        {
            "agent" => new MappingKey(MappingKeys.Agent, value, null),
            "number" => new MappingKey(MappingKeys.Number, value, null),
            "apikey" => new MappingKey(MappingKeys.ApiKey, value, null),
            "meta" => Meta(value),
            _ => null,
        };
    }

    private static MappingKey? Meta(string value)
    {
        var equals = value.IndexOf('=', StringComparison.Ordinal);
        return equals < 1 || equals == value.Length - 1 || equals > TextRules.AttributeNameMax - MappingKeys.Meta.Length
            ? null
            : new MappingKey(MappingKeys.Meta + value[..equals], value[(equals + 1)..], null);
    }

    private static MappingKey? HashOf(string number, NumberHash numbers)
    {
        var digits = string.Concat(number.Where(char.IsAsciiDigit));
        return digits.Length is >= DigitsMin and <= DigitsMax && number.All(NumberCharacters.Contains)
            ? new MappingKey(MappingKeys.Number, numbers.Of(number), digits[^Math.Min(LastDigits, digits.Length - 1)..])
            : null;
    }

    private static bool IsHash(string value) => value.Length == NumberHash.TextLength && value.All(char.IsAsciiHexDigitLower);
}
