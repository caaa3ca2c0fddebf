using System.Buffers;
using System.Text;

namespace UsageLedger.EventLog.Proof;

/// <summary>Writes what a tape holds, each object's members in order.</summary>
internal ref struct TapeWriter(JsonTape tape, Span<byte> destination)
{
    private const int MembersOnStack = 32;
    private const int MembersMax = 65_536;
    private static readonly int[] Gaps = [9_000, 4_000, 1_750, 701, 301, 132, 57, 23, 10, 4, 1];

    private readonly JsonTape tape = tape;
    private readonly Span<byte> destination = destination;

    public int Length { get; private set; }

    /// <summary>Writes the value at a node. Recursion is as deep as the text, which the tape bounds.</summary>
    public void Value(int index)
    {
        ref readonly var node = ref tape[index];
        switch (node.Kind)
        {
            case TapeKind.Object when node.Length <= MembersOnStack:
                Object(index, stackalloc MemberName[MembersOnStack]);
                break;
            case TapeKind.Object:
                LargeObject(index);
                break;
            case TapeKind.Array:
                Array(index);
                break;
            default:
                Scalar(node);
                break;
        }
    }

    private void LargeObject(int index)
    {
        var count = tape[index].Length;
        if (count > MembersMax)
        {
            throw new CanonicalJsonException($"An object has {count} members; {MembersMax} are the most.");
        }

        var rented = ArrayPool<MemberName>.Shared.Rent(count);
        Object(index, rented);
        ArrayPool<MemberName>.Shared.Return(rented);
    }

    private void Object(int index, scoped Span<MemberName> space)
    {
        var members = space[..tape[index].Length];
        var at = index + 1;
        foreach (ref var member in members)
        {
            member = new MemberName(MemberName.PrefixOf(tape.Text(tape[at])), at);
            at = tape[at + 1].Next;
        }

        Sort(members);
        Put((byte)'{');
        for (var i = 0; i < members.Length; i++)
        {
            if (i > 0)
            {
                RefuseDuplicate(members[i - 1], members[i]);
                Put((byte)',');
            }

            Scalar(tape[members[i].Node]);
            Put((byte)':');
            Value(members[i].Node + 1);
        }

        Put((byte)'}');
    }

    private void Array(int index)
    {
        Put((byte)'[');
        var (count, at) = (tape[index].Length, index + 1);
        for (var i = 0; i < count; i++, at = tape[at].Next)
        {
            if (i > 0)
            {
                Put((byte)',');
            }

            Value(at);
        }

        Put((byte)']');
    }

    private void Scalar(in TapeNode node)
    {
        if (node.Kind == TapeKind.Decoded)
        {
            Length += CanonicalString.Write(tape.Text(node), destination[Length..]);
            return;
        }

        var verbatim = tape.Verbatim(node);
        verbatim.CopyTo(destination[Length..]);
        Length += verbatim.Length;
    }

    private void Put(byte octet) => destination[Length++] = octet;

    // Shell sort: no comparer object, and for the usual dozen members hardly more than an insertion sort.
    private readonly void Sort(Span<MemberName> members)
    {
        foreach (var gap in Gaps)
        {
            for (var i = gap; i < members.Length; i++)
            {
                var member = members[i];
                var j = i;
                for (; j >= gap && Compare(members[j - gap], member) > 0; j -= gap)
                {
                    members[j] = members[j - gap];
                }

                members[j] = member;
            }
        }
    }

    private readonly int Compare(in MemberName left, in MemberName right) => left.Prefix != right.Prefix
        ? left.Prefix.CompareTo(right.Prefix)
        : MemberName.Compare(tape.Text(tape[left.Node]), tape.Text(tape[right.Node]));

    private readonly void RefuseDuplicate(in MemberName left, in MemberName right)
    {
        if (left.Prefix == right.Prefix && Compare(left, right) == 0)
        {
            throw new CanonicalJsonException($"The member \"{Encoding.UTF8.GetString(tape.Text(tape[left.Node]))}\" occurs twice in one object.");
        }
    }
}
