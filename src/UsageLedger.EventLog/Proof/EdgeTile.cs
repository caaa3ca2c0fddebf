namespace UsageLedger.EventLog.Proof;

/// <summary>The last tile of a level while it fills.</summary>
internal sealed class EdgeTile
{
    private readonly int _level;
    private readonly long _index;
    private readonly byte[] _hashes = new byte[TreeTile.WidthMax * TreeHasher.HashLength];
    private int _length;

    public EdgeTile(int level, long index, ReadOnlySpan<byte> hashes)
    {
        (_level, _index, _length) = (level, index, hashes.Length);
        hashes.CopyTo(_hashes);
    }

    public bool IsChanged { get; private set; }

    public bool IsFull => _length == _hashes.Length;

    public void Add(ReadOnlySpan<byte> hash)
    {
        hash.CopyTo(_hashes.AsSpan(_length));
        _length += hash.Length;
        IsChanged = true;
    }

    /// <summary>The tile as it is now. A full tile gives its own bytes away, for nothing can be added to it.</summary>
    public TreeTile Take()
    {
        IsChanged = false;
        return new TreeTile(_level, _index, IsFull ? _hashes : _hashes.AsSpan(0, _length).ToArray());
    }

    public EdgeTile Copy() => new(_level, _index, _hashes.AsSpan(0, _length)) { IsChanged = IsChanged };
}
