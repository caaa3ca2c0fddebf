using System.Numerics;

namespace UsageLedger.EventLog.Proof;

/// <summary>Leaves [Start, End) whose root a proof needs; what RFC 9162 writes MTH(D[Start:End]).</summary>
internal readonly record struct LeafRange(long Start, long End)
{
    public long Count => End - Start;

    /// <summary>The ranges of an inclusion path, from the leaf to the root (RFC 9162 2.1.3.1).</summary>
    public static List<LeafRange> ForInclusion(long index, long size)
    {
        var ranges = new List<LeafRange>();
        for (var whole = new LeafRange(0, size); whole.Count > 1;)
        {
            var (left, right) = whole.Halves();
            var isLeft = index < left.End;
            ranges.Add(isLeft ? right : left);
            whole = isLeft ? left : right;
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>The ranges of a consistency path, in the order of RFC 9162 2.1.4.1.</summary>
    public static List<LeafRange> ForConsistency(long from, long to)
    {
        var ranges = new List<LeafRange>();
        var whole = new LeafRange(0, to);
        while (whole.End != from)
        {
            var (left, right) = whole.Halves();
            var isLeft = from <= left.End;
            ranges.Add(isLeft ? right : left);
            whole = isLeft ? left : right;
        }

        // A subtree that begins at the first leaf is the old tree itself, whose root the verifier has.
        if (whole.Start > 0)
        {
            ranges.Add(whole);
        }

        ranges.Reverse();
        return ranges;
    }

    /// <summary>The left part is the largest power of two that is smaller than the whole.</summary>
    public (LeafRange Left, LeafRange Right) Halves()
    {
        var middle = Start + (1L << BitOperations.Log2((ulong)(Count - 1)));
        return (new LeafRange(Start, middle), new LeafRange(middle, End));
    }
}
