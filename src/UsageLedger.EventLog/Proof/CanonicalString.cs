using System.Buffers;
using System.Text.Unicode;

namespace UsageLedger.EventLog.Proof;

/// <summary>Strings as RFC 8785 writes them: short escapes where JSON has them, \u00xx for other controls, all else literal UTF-8.</summary>
internal static class CanonicalString
{
    private static readonly string Controls = string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c));
    private static readonly SearchValues<char> SpecialChars = SearchValues.Create(Controls + "\"\\");
    private static readonly SearchValues<byte> SpecialBytes = SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(c => (byte)c), (byte)'"', (byte)'\\']);

    /// <summary>The most bytes that so many UTF-16 units can take, quotes included.</summary>
    public static int MaxLength(int chars) => checked((chars * 6) + 2);

    /// <summary>Writes the text in quotes and returns the bytes written.</summary>
    public static int Write(ReadOnlySpan<char> text, Span<byte> destination)
    {
        destination[0] = (byte)'"';
        var at = 1;
        for (var special = text.IndexOfAny(SpecialChars); special >= 0; special = text.IndexOfAny(SpecialChars))
        {
            at += Encode(text[..special], destination[at..]);
            at += Escape((byte)text[special], destination[at..]);
            text = text[(special + 1)..];
        }

        at += Encode(text, destination[at..]);
        destination[at] = (byte)'"';
        return at + 1;
    }

    /// <summary>As for UTF-16; the bytes must be valid UTF-8.</summary>
    public static int Write(ReadOnlySpan<byte> utf8, Span<byte> destination)
    {
        destination[0] = (byte)'"';
        var at = 1;
        for (var special = utf8.IndexOfAny(SpecialBytes); special >= 0; special = utf8.IndexOfAny(SpecialBytes))
        {
            utf8[..special].CopyTo(destination[at..]);
            at += special;
            at += Escape(utf8[special], destination[at..]);
            utf8 = utf8[(special + 1)..];
        }

        utf8.CopyTo(destination[at..]);
        at += utf8.Length;
        destination[at] = (byte)'"';
        return at + 1;
    }

    private static int Encode(ReadOnlySpan<char> text, Span<byte> destination) =>
        Utf8.FromUtf16(text, destination, out _, out var written, replaceInvalidSequences: false) switch
        {
            OperationStatus.Done => written,
            OperationStatus.DestinationTooSmall => throw new ArgumentException("The buffer is too small for the text.", nameof(destination)),
            _ => throw new CanonicalJsonException("The text holds half of a surrogate pair."),
        };

    private static int Escape(byte special, Span<byte> destination)
    {
        destination[0] = (byte)'\\';
        var letter = special switch
        {
            (byte)'\b' => (byte)'b',
            (byte)'\t' => (byte)'t',
            (byte)'\n' => (byte)'n',
            (byte)'\f' => (byte)'f',
            (byte)'\r' => (byte)'r',
            (byte)'"' or (byte)'\\' => special,
            _ => (byte)'u',
        };
        destination[1] = letter;
        if (letter != (byte)'u')
        {
            return 2;
        }

        "00"u8.CopyTo(destination[2..]);
        destination[4] = "0123456789abcdef"u8[special >> 4];
        destination[5] = "0123456789abcdef"u8[special & 0xF];
        return 6;
    }
}
