using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace UsageLedger.Recording;

/// <summary>Strings and names of JSON bodies that were found to be valid UTF-8.</summary>
internal static class JsonText
{
    private const int EscapeLength = 6;

    /// <summary>The text at the reader, or null if it holds half of a surrogate pair, which JSON can write and Unicode cannot say.</summary>
    public static string? Read(ref Utf8JsonReader json) =>
        !json.ValueIsEscaped ? Encoding.UTF8.GetString(json.ValueSpan)
            : HasLoneSurrogate(json.ValueSpan) ? null
            : json.GetString();

    /// <summary>Skips the value at the reader. The name that an object in it holds twice, or null.</summary>
    public static string? Skip(ref Utf8JsonReader json)
    {
        if (json.TokenType is not (JsonTokenType.StartObject or JsonTokenType.StartArray))
        {
            return null;
        }

        string? twice = null;
        var open = new Stack<HashSet<string>?>();
        do
        {
            switch (json.TokenType)
            {
                case JsonTokenType.StartObject or JsonTokenType.StartArray:
                    open.Push(json.TokenType == JsonTokenType.StartObject ? new HashSet<string>(StringComparer.Ordinal) : null);
                    break;
                case JsonTokenType.EndObject or JsonTokenType.EndArray:
                    open.Pop();
                    break;
                case JsonTokenType.PropertyName when Read(ref json) is { } name && !open.Peek()!.Add(name):
                    twice ??= name;
                    break;
            }
        }
        while (open.Count > 0 && json.Read());

        return twice;
    }

    public static FieldProblem NamedTwice(string parent, string name) => new(
        JsonPointer.Member(parent, name), Refusals.DuplicateName, "The same name stands twice in one object; send it once.");

    private static bool HasLoneSurrogate(ReadOnlySpan<byte> escaped)
    {
        var at = escaped.IndexOf((byte)'\\');
        while (at >= 0 && at < escaped.Length)
        {
            var length = 2;
            if (Unit(escaped[at..]) is { } unit)
            {
                length = EscapeLength;
                if (char.IsHighSurrogate(unit))
                {
                    if (Unit(escaped[(at + length)..]) is not { } next || !char.IsLowSurrogate(next))
                    {
                        return true;
                    }

                    length += EscapeLength;
                }
                else if (char.IsLowSurrogate(unit))
                {
                    return true;
                }
            }

            var ahead = escaped[(at + length)..].IndexOf((byte)'\\');
            at = ahead < 0 ? -1 : at + length + ahead;
        }

        return false;
    }

    /// <summary>The UTF-16 unit that an escape names by its number, if there is one here.</summary>
    private static char? Unit(ReadOnlySpan<byte> escaped) =>
        escaped.Length >= EscapeLength && escaped[0] == '\\' && escaped[1] == 'u'
        && Utf8Parser.TryParse(escaped[2..EscapeLength], out ushort unit, out var used, 'X') && used == 4
            ? (char)unit
            : null;
}
