using System.Globalization;

namespace UsageLedger.Recording;

/// <summary>RFC 6901 pointers, made only where there is a problem to name.</summary>
internal static class JsonPointer
{
    private const int NameMax = 100;

    /// <summary>The pointer of an item; a negative index means that the item is the whole body.</summary>
    public static string Item(int index) => index < 0 ? "" : "/" + index.ToString(CultureInfo.InvariantCulture);

    /// <summary>The pointer of a member; a name beyond reason is cut.</summary>
    public static string Member(string parent, string name)
    {
        var shown = name.Length <= NameMax ? name : name[..NameMax];
        return parent + "/" + shown.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
    }
}
