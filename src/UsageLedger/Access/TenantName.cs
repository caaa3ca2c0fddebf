using System.Buffers;

namespace UsageLedger.Access;

/// <summary>How a tenant may be called. A tenant exists from its first key.</summary>
public static class TenantName
{
    public const int LengthMax = 63;
    public const string Rule = "1 to 63 of the characters a-z 0-9 -";

    private static readonly SearchValues<char> Characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static bool IsValid(string name) => name.Length is > 0 and <= LengthMax && !name.AsSpan().ContainsAnyExcept(Characters);
}
