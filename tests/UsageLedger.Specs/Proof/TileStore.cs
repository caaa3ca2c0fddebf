using UsageLedger.EventLog.Proof;

namespace UsageLedger.Specs.Proof;

/// <summary>Tiles in memory, as the log keeps them in its table.</summary>
internal sealed class TileStore : ITileSource
{
    private readonly Dictionary<(int Level, long Index), ReadOnlyMemory<byte>> _tiles = [];

    public int Reads { get; private set; }

    /// <summary>The tiles of a tree of these leaves.</summary>
    public static TileStore Of(IEnumerable<byte[]> leaves)
    {
        var (store, edge) = (new TileStore(), new TreeEdge());
        foreach (var leaf in leaves)
        {
            edge.Append(leaf);
        }

        store.Put(edge.TakeChanged());
        return store;
    }

    public ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int level, long index, CancellationToken ct)
    {
        Reads++;
        return ValueTask.FromResult<ReadOnlyMemory<byte>?>(_tiles.TryGetValue((level, index), out var tile) ? tile : null);
    }

    public void Put(IEnumerable<TreeTile> tiles)
    {
        foreach (var tile in tiles)
        {
            _tiles[(tile.Level, tile.Index)] = tile.Hashes;
        }
    }

    public int WidthOf(int level, long index) => _tiles[(level, index)].Length / TreeHasher.HashLength;

    public byte[] HashAt(int level, long hash) =>
        _tiles[(level, hash / TreeTile.WidthMax)].Slice((int)(hash % TreeTile.WidthMax) * TreeHasher.HashLength, TreeHasher.HashLength).ToArray();

    /// <summary>The unfinished last tile of each level, as restoring an edge asks for them.</summary>
    public IReadOnlyList<ReadOnlyMemory<byte>> Partials(long size) =>
    [
        .. Enumerable.Range(0, TreeTile.LevelsMax).Select(level => TreeTile.PartialWidth(level, size) == 0
            ? ReadOnlyMemory<byte>.Empty
            : _tiles[(level, TreeTile.HashesAt(level, size) / TreeTile.WidthMax)]),
    ];
}
