namespace UsageLedger.EventLog.Proof;

/// <summary>The tiles that one call has read. A proof touches a few a level, so they are kept till it ends.</summary>
internal sealed class CallTiles(ITileSource source)
{
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> read = [];

    /// <summary>Hashes of a level, from the given one on; they must lie in one tile.</summary>
    public async ValueTask<ReadOnlyMemory<byte>> HashesAsync(int level, long first, int count, CancellationToken ct)
    {
        var (index, offset) = Math.DivRem(first, TreeTile.WidthMax);
        if (!read.TryGetValue((level, index), out var tile))
        {
            tile = await source.ReadAsync(level, index, ct) ?? ReadOnlyMemory<byte>.Empty;
            read.Add((level, index), tile);
        }

        var needed = (int)offset + count;
        var found = tile.Length / TreeHasher.HashLength;
        return found >= needed
            ? tile.Slice((int)offset * TreeHasher.HashLength, count * TreeHasher.HashLength)
            : throw new TileMissingException(level, index, needed, found);
    }
}
