using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;

namespace UsageLedger.Answering;

/// <summary>A place in a list, as callers see it: opaque, for any time to come, and refused when a character of it was lost.</summary>
public static class Cursor
{
    private const int CheckBytes = 4;

    /// <summary>The longest that a URL has room for; the longest names of any script fit.</summary>
    private const int TextMax = 7_000;

    /// <summary>Names the last item given, by the values that the list is sorted by.</summary>
    public static string Of(params IReadOnlyList<string> place)
    {
        var named = JsonSerializer.SerializeToUtf8Bytes(place, LedgerJson.Options);
        return Base64Url.EncodeToString([.. Check(named), .. named]);
    }

    /// <returns>The values, or null if the text is not a cursor of so many.</returns>
    public static IReadOnlyList<string>? Read(string text, int values)
    {
        if (text.Length > TextMax || !Base64Url.IsValid(text))
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(text);
        if (bytes.Length < CheckBytes || !bytes.AsSpan(0, CheckBytes).SequenceEqual(Check(bytes.AsSpan(CheckBytes))))
        {
            return null;
        }

        return Place(bytes.AsSpan(CheckBytes)) is { } place && place.Length == values ? place : null;
    }

    /// <summary>The check is no secret: whoever forges it may name anything. Only texts that the database can hold are a place.</summary>
    private static string[]? Place(ReadOnlySpan<byte> named)
    {
        try
        {
            var place = JsonSerializer.Deserialize<string[]>(named);
            return place is null || place.Any(value => value is null || value.Contains('\0')) ? null : place;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static ReadOnlySpan<byte> Check(ReadOnlySpan<byte> named) => SHA256.HashData(named).AsSpan(0, CheckBytes);
}
