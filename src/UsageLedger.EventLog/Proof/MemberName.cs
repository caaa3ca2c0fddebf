using System.Buffers.Binary;

namespace UsageLedger.EventLog.Proof;

/// <summary>A member of an object on the tape, with the start of its name to compare by.</summary>
/// <param name="Prefix">The name's first eight bytes, so changed that they compare as UTF-16 units do.</param>
/// <param name="Node">Where its name stands on the tape.</param>
internal readonly record struct MemberName(ulong Prefix, int Node)
{
    private const int PrefixLength = sizeof(ulong);

    public static ulong PrefixOf(ReadOnlySpan<byte> name)
    {
        if (name.Length >= PrefixLength)
        {
            var prefix = BinaryPrimitives.ReadUInt64BigEndian(name);
            return (prefix & 0x8080808080808080) == 0 ? prefix : Fold(name[..PrefixLength]);
        }

        return Fold(name) << (8 * (PrefixLength - name.Length));
    }

    /// <summary>Order by UTF-16 units of two names in UTF-8, as RFC 8785 asks.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var same = left.CommonPrefixLength(right);
        return same < left.Length && same < right.Length
            ? Rank(left[same]).CompareTo(Rank(right[same]))
            : left.Length.CompareTo(right.Length);
    }

    private static ulong Fold(ReadOnlySpan<byte> name)
    {
        var prefix = 0UL;
        foreach (var octet in name)
        {
            prefix = (prefix << 8) | Rank(octet);
        }

        return prefix;
    }

    // UTF-8 sorts as code points do. UTF-16 differs in one thing: surrogates (here F0 to F4) come before U+E000 and up (EE, EF).
    private static byte Rank(byte octet) => octet is 0xEE or 0xEF ? (byte)(octet + 0x10) : octet;
}
