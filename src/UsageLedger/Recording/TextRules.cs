using System.Buffers;

namespace UsageLedger.Recording;

/// <summary>What a text may be, whoever sends it.</summary>
internal static class TextRules
{
    public const int TextMax = 255;
    public const int IdMax = 100;
    public const int AttributesMax = 50;
    public const int AttributeNameMax = 100;
    public const int AttributeValueMax = 1000;
    public const int ReasonMax = 500;

    /// <summary>No character takes more bytes, so a longer text need not be decoded to be refused.</summary>
    public const int BytesPerCharacterMax = 4;

    private static readonly SearchValues<char> IdCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    public static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Concat(Enumerable.Range(0x7F, 0x21)).Select(code => (char)code)]);

    /// <summary>The code and message of the rule that the text breaks, or null.</summary>
    public static (string Code, string Message)? Broken(string text, int max, bool mayBeEmpty = false)
    {
        if (text.Length == 0 && !mayBeEmpty)
        {
            return (Refusals.Empty, $"must hold 1 to {max} characters");
        }

        if (text.Length > max && Characters(text) > max)
        {
            return TooLong(max);
        }

        return text.AsSpan().ContainsAny(ControlCharacters)
            ? (Refusals.ControlCharacter, "must not hold control characters; remove them")
            : null;
    }

    /// <summary>As <see cref="Broken"/>, for ids that sit in URLs and stream names.</summary>
    public static (string Code, string Message)? BrokenId(string text) =>
        text.Length is 0 or > IdMax || text.AsSpan().ContainsAnyExcept(IdCharacters)
            ? (text.Length == 0 ? Refusals.Empty : text.Length > IdMax ? Refusals.TooLong : Refusals.InvalidCharacter,
                $"must hold 1 to {IdMax} of the characters A-Z a-z 0-9 . _ : -")
            : null;

    public static (string Code, string Message) TooLong(int max) => (Refusals.TooLong, $"must not be longer than {max} characters");

    /// <summary>Characters are Unicode's: a pair of surrogates is one.</summary>
    private static int Characters(string text)
    {
        var characters = text.Length;
        foreach (var unit in text)
        {
            characters -= char.IsLowSurrogate(unit) ? 1 : 0;
        }

        return characters;
    }
}
