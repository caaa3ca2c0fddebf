using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using NodaTime;
using UsageLedger.Recording;

namespace UsageLedger.Collecting;

/// <summary>
/// Reads what vendors write: unknown members do not matter, what should be a text and is none reads as absent, and a figure that is
/// there must be exact. Messages name members and never hold values.
/// </summary>
internal static class VendorJson
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <exception cref="JsonException">It is not JSON, which is UTF-8, or a member has a name that is no text.</exception>
    public static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        if (!Utf8.IsValid(body.Span))
        {
            throw new JsonException("The text is not UTF-8.");
        }

        RefuseHalfNames(body.Span);
        return JsonDocument.Parse(body, Options);
    }

    /// <summary>A name that holds half a character makes every search for another name fail. A value does not matter until it is read.</summary>
    private static void RefuseHalfNames(ReadOnlySpan<byte> body)
    {
        if (body.IndexOf("\\ud"u8) < 0 && body.IndexOf("\\uD"u8) < 0)
        {
            return;
        }

        var tokens = new Utf8JsonReader(body, new JsonReaderOptions { MaxDepth = Options.MaxDepth });
        while (tokens.Read())
        {
            if (tokens.TokenType == JsonTokenType.PropertyName && tokens.ValueIsEscaped && !IsText(ref tokens))
            {
                throw new JsonException("The name of a member is no text.", null, null, tokens.TokenStartIndex);
            }
        }
    }

    private static bool IsText(ref Utf8JsonReader token)
    {
        try
        {
            token.GetString();
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }

    public static JsonElement? Member(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public static IEnumerable<JsonElement> Items(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.Array } items ? items.EnumerateArray() : [];

    public static string? Text(this JsonElement element, string name) =>
        element.Member(name) is { ValueKind: JsonValueKind.String } text ? Whole(text) : null;

    /// <summary>A text, or a whole number as its digits.</summary>
    public static string? Word(this JsonElement element, string name) => element.Member(name) switch
    {
        { ValueKind: JsonValueKind.String } text => Whole(text),
        { ValueKind: JsonValueKind.Number } number when number.TryGetInt64(out _) => number.GetRawText(),
        _ => null
    };

    public static bool IsTrue(this JsonElement element, string name) => element.Member(name) is { ValueKind: JsonValueKind.True };

    /// <summary>A figure, digit for digit, written as a number or as a text; null if it is absent or an empty text.</summary>
    /// <exception cref="FormatException">It is there and is none, or has too many digits.</exception>
    public static decimal? Number(this JsonElement element, string name) => element.Member(name) is { } value ? Figure(value, name) : null;

    /// <inheritdoc cref="Number"/>
    public static decimal? Figure(JsonElement value, string name)
    {
        var text = value.ValueKind switch
        {
            JsonValueKind.Number => JsonMarshal.GetRawUtf8Value(value),
            JsonValueKind.String => Encoding.UTF8.GetBytes(Whole(value) ?? throw new FormatException($"{name} is no number")),
            _ => throw new FormatException($"{name} is no number")
        };
        return text.IsEmpty ? null : ExactDecimal.Read(text, out var number) switch
        {
            DecimalReading.Exact => number,
            DecimalReading.OutOfRange => throw new FormatException($"{name} has more than 28 digits or decimals"),
            _ => throw new FormatException($"{name} is no number")
        };
    }

    /// <summary>A count of milliseconds since 1970 as a time; null if it is absent.</summary>
    /// <exception cref="FormatException">It is there and is none of this age.</exception>
    public static Instant? Milliseconds(this JsonElement element, string name) => element.Number(name) switch
    {
        null => null,
        >= 0 and < 253_402_300_800_000m and var count when decimal.IsInteger(count) => Instant.FromUnixTimeMilliseconds((long)count),
        _ => throw new FormatException($"{name} is no time in milliseconds")
    };

    /// <summary>Null where the text ends in, or begins with, half a character.</summary>
    private static string? Whole(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
