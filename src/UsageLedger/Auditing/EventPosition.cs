using System.Globalization;

namespace UsageLedger.Auditing;

/// <summary>A position as callers write it: decimal digits.</summary>
internal static class EventPosition
{
    /// <summary>More digits than a position can have name one that no event has.</summary>
    public static bool TryRead(string text, out long position)
    {
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out position))
        {
            position = long.MaxValue;
        }

        return text.Length > 0 && !text.AsSpan().ContainsAnyExceptInRange('0', '9');
    }
}
