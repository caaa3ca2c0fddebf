using System.Buffers.Binary;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>
/// Canonical JSON out of the text that PostgreSQL makes of jsonb, for the shape that nearly all events have: objects of strings and
/// of such objects, without escapes. Such a text reads in one way only; any other is left to <see cref="CanonicalJsonReader"/>,
/// which takes three times as long.
/// </summary>
internal static class JsonbText
{
    private const int MembersMax = 32;
    private const int DepthMax = 4;

    /// <summary>Writes the canonical form; -1 when the text has another shape, and then what was written means nothing.</summary>
    /// <param name="destination">At least as long as the text.</param>
    public static int Canonicalise(ReadOnlySpan<byte> text, Span<byte> destination) =>
        text.Contains((byte)'\\') ? -1 : Object(text, destination, DepthMax);

    /// <param name="Prefix">The start of the name, to compare by.</param>
    private readonly record struct Member(ulong Prefix, int Name, int NameLength, int Value, int ValueLength);

    private static int Object(ReadOnlySpan<byte> text, Span<byte> destination, int depth)
    {
        Span<Member> space = stackalloc Member[MembersMax];
        var count = depth > 0 ? Members(text, space) : -1;
        if (count < 0)
        {
            return -1;
        }

        Sort(text, space[..count]);
        var length = 0;
        destination[length++] = (byte)'{';
        for (var i = 0; i < count; i++)
        {
            var name = text.Slice(space[i].Name, space[i].NameLength);
            var value = text.Slice(space[i].Value, space[i].ValueLength);
            if (i > 0)
            {
                destination[length++] = (byte)',';
            }

            name.CopyTo(destination[length..]);
            length += name.Length;
            destination[length++] = (byte)':';
            var written = value[0] == '"' ? Copy(value, destination[length..]) : Object(value, destination[length..], depth - 1);
            if (written < 0)
            {
                return -1;
            }

            length += written;
        }

        destination[length++] = (byte)'}';
        return length;
    }

    private static int Copy(ReadOnlySpan<byte> value, Span<byte> destination)
    {
        value.CopyTo(destination);
        return value.Length;
    }

    /// <summary>Marks the members of the one object that the text must be; -1 if it is anything else.</summary>
    private static int Members(ReadOnlySpan<byte> text, Span<Member> members)
    {
        if (text.Length < 2 || text[0] != '{')
        {
            return -1;
        }

        var (at, count) = (1, 0);
        for (; at < text.Length && text[at] != '}'; count++)
        {
            if (count > 0)
            {
                at = Take(text, at, (byte)',');
            }

            var name = at;
            var nameEnd = StringEnd(text, name);
            var value = Take(text, nameEnd, (byte)':');
            at = ValueEnd(text, value);
            if (at < 0 || count == members.Length)
            {
                return -1;
            }

            members[count] = new Member(Prefix(text, name + 1, nameEnd - name - 2), name, nameEnd - name, value, at - value);
        }

        return at == text.Length - 1 ? count : -1;
    }

    /// <summary>PostgreSQL writes one blank behind each comma and colon.</summary>
    private static int Take(ReadOnlySpan<byte> text, int at, byte mark) =>
        at >= 0 && at + 1 < text.Length && text[at] == mark && text[at + 1] == ' ' ? at + 2 : -1;

    /// <summary>As <see cref="MemberName.PrefixOf"/> has it, at the cost of one read for names in ASCII.</summary>
    private static ulong Prefix(ReadOnlySpan<byte> text, int at, int length)
    {
        if (text.Length - at < sizeof(ulong))
        {
            return MemberName.PrefixOf(text.Slice(at, length));
        }

        var read = BinaryPrimitives.ReadUInt64BigEndian(text[at..]);
        var prefix = length < sizeof(ulong) ? read & ~(ulong.MaxValue >> (8 * length)) : read;
        return (prefix & 0x8080808080808080) == 0 ? prefix : MemberName.PrefixOf(text.Slice(at, length));
    }

    private static int StringEnd(ReadOnlySpan<byte> text, int at)
    {
        if (at < 0 || at >= text.Length || text[at] != '"')
        {
            return -1;
        }

        var length = text[(at + 1)..].IndexOf((byte)'"');
        return length < 0 ? -1 : at + length + 2;
    }

    /// <summary>The end of a string, or of an object, of which only strings and braces are looked at.</summary>
    private static int ValueEnd(ReadOnlySpan<byte> text, int at)
    {
        if (at < 0 || at >= text.Length || text[at] != '{')
        {
            return StringEnd(text, at);
        }

        var open = 0;
        do
        {
            var next = text[at..].IndexOfAny((byte)'"', (byte)'{', (byte)'}');
            if (next < 0)
            {
                return -1;
            }

            at += next;
            open += text[at] == '{' ? 1 : text[at] == '}' ? -1 : 0;
            at = text[at] == '"' ? StringEnd(text, at) : at + 1;
            if (at < 0)
            {
                return -1;
            }
        }
        while (open > 0);
        return at;
    }

    /// <summary>By insertion: jsonb has its members in order of length first, which is not far off for a dozen of them.</summary>
    private static void Sort(ReadOnlySpan<byte> text, Span<Member> members)
    {
        for (var i = 1; i < members.Length; i++)
        {
            var member = members[i];
            var j = i;
            for (; j > 0 && IsAfter(text, members[j - 1], member); j--)
            {
                members[j] = members[j - 1];
            }

            members[j] = member;
        }
    }

    private static bool IsAfter(ReadOnlySpan<byte> text, in Member left, in Member right) => left.Prefix != right.Prefix
        ? left.Prefix > right.Prefix
        : MemberName.Compare(Name(text, left), Name(text, right)) > 0;

    private static ReadOnlySpan<byte> Name(ReadOnlySpan<byte> text, in Member member) => text.Slice(member.Name + 1, member.NameLength - 2);
}
