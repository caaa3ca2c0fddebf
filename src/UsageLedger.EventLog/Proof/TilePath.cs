using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace UsageLedger.EventLog.Proof;

/// <summary>A tile's name in C2SP tlog-tiles form: <c>0/x001/x234/067</c>, with <c>.p/W</c> behind it for a tile of fewer than 256 hashes.</summary>
public readonly record struct TilePath(int Level, long Index, int Width)
{
    private const int LevelMax = 63;
    private const int GroupDigits = 3;
    private const int GroupsMax = 6;
    private const string PartialMark = ".p/";

    /// <summary>Reads exactly what <see cref="ToString"/> writes, and nothing else.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out TilePath path)
    {
        path = default;
        if (text is null || text.IndexOf('/') is not (> 0 and var slash))
        {
            return false;
        }

        var mark = text.IndexOf(PartialMark, StringComparison.Ordinal);
        var width = TreeTile.WidthMax;
        if (mark >= 0 && !(TryNumber(text.AsSpan(mark + PartialMark.Length), out width) && width is > 0 and < TreeTile.WidthMax))
        {
            return false;
        }

        var end = mark >= 0 ? mark : text.Length;
        if (end <= slash || !TryNumber(text.AsSpan(0, slash), out var level) || level > LevelMax || !TryIndex(text.AsSpan(slash + 1, end - slash - 1), out var index))
        {
            return false;
        }

        path = new TilePath(level, index, width);
        return true;
    }

    public override string ToString()
    {
        var groups = (Index % 1000).ToString("d3", CultureInfo.InvariantCulture);
        for (var rest = Index / 1000; rest > 0; rest /= 1000)
        {
            groups = string.Create(CultureInfo.InvariantCulture, $"x{rest % 1000:d3}/{groups}");
        }

        return string.Create(CultureInfo.InvariantCulture, $"{Level}/{groups}{(Width == TreeTile.WidthMax ? "" : PartialMark + Width)}");
    }

    private static bool TryIndex(ReadOnlySpan<char> text, out long index)
    {
        index = 0;
        var groups = text.Count('/') + 1;
        if (groups > GroupsMax)
        {
            return false;
        }

        for (var group = 1; group <= groups; group++)
        {
            var length = group == groups ? GroupDigits : GroupDigits + 2;
            if (text.Length < length || !TryGroup(text[..length], isLast: group == groups, out var value) || (group == 1 && groups > 1 && value == 0))
            {
                return false;
            }

            index = (index * 1000) + value;
            text = text[length..];
        }

        return text.IsEmpty;
    }

    private static bool TryGroup(ReadOnlySpan<char> text, bool isLast, out int value)
    {
        value = 0;
        if (!isLast)
        {
            if (text[0] != 'x' || text[^1] != '/')
            {
                return false;
            }

            text = text[1..^1];
        }

        return TryDigits(text, out value);
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out int value) => TryDigits(text, out value) && (text.Length == 1 || text[0] != '0');

    // int.TryParse alone would let zero characters stand behind the digits.
    private static bool TryDigits(ReadOnlySpan<char> text, out int value)
    {
        value = 0;
        return !text.ContainsAnyExceptInRange('0', '9') && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value);
    }
}
