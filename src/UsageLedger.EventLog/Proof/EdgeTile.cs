namespace UsageLedger.EventLog.Proof;

/// <summary>The last tile of a level while it fills.</summary>
internal sealed class EdgeTile
{
    private readonly int level;
    private readonly long index;
    private readonly byte[] hashes = new byte[TreeTile.WidthMax * TreeHasher.HashLength];
    private int length;

    public EdgeTile(int level, long index, ReadOnlySpan<byte> hashes)
    {
        (this.level, this.index, length) = (level, index, hashes.Length);
        hashes.CopyTo(this.hashes);
    }

    public bool IsChanged { get; private set; }

    public bool IsFull => length == hashes.Length;

    public void Add(ReadOnlySpan<byte> hash)
    {
        hash.CopyTo(hashes.AsSpan(length));
        length += hash.Length;
        IsChanged = true;
    }

    /// <summary>The tile as it is now. A full tile gives its own bytes away, for nothing can be added to it.</summary>
    public TreeTile Take()
    {
        IsChanged = false;
        return new TreeTile(level, index, IsFull ? hashes : hashes.AsSpan(0, length).ToArray());
    }

    public EdgeTile Copy() => new(level, index, hashes.AsSpan(0, length)) { IsChanged = IsChanged };
}
