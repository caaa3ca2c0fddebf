using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>The rows of one tile as they stand in the database, until the tile tells which of them are what was appended.</summary>
internal sealed class TileRows
{
    private const int HashLength = TreeHasher.HashLength;

    private readonly byte[] hashes = new byte[TreeTile.WidthMax * HashLength];
    private readonly RowFacts[] facts = new RowFacts[TreeTile.WidthMax];
    private readonly bool[] good = new bool[TreeTile.WidthMax];
    private readonly List<ListedRow> listed = [];

    /// <summary>The rows that the log's own lists should name.</summary>
    public IReadOnlyList<ListedRow> Listed => listed;

    public byte[] Hashes => hashes;

    public ref readonly RowFacts this[int place] => ref facts[place];

    public ReadOnlySpan<byte> HashOf(int place) => hashes.AsSpan(place * HashLength, HashLength);

    /// <summary>Whether every one of the first rows could be hashed.</summary>
    public bool AreHashed(int width)
    {
        foreach (ref readonly var row in facts.AsSpan(0, width))
        {
            if (row.State != RowState.Hashed)
            {
                return false;
            }
        }

        return true;
    }

    public void Add(int place, in RowFacts row, ReadOnlySpan<byte> hash)
    {
        facts[place] = row;
        hash.CopyTo(hashes.AsSpan(place * HashLength));
    }

    public void AddListed(StoredEvent stored) => listed.Add(new ListedRow((int)((stored.Position - 1) % TreeTile.WidthMax), stored));

    public void MarkGood(int place) => good[place] = true;

    /// <summary>Whether the row is what was appended.</summary>
    public bool IsGood(int place) => good[place];

    public void Clear()
    {
        Array.Clear(facts);
        Array.Clear(good);
        listed.Clear();
    }
}

/// <param name="Stream">Its number in the check of streams.</param>
internal readonly record struct RowFacts(RowState State, int Stream, long Version, long RecordedMicros);

internal readonly record struct ListedRow(int Place, StoredEvent Stored);

internal enum RowState : byte
{
    Missing,
    Hashed,

    /// <summary>Holds what no append writes.</summary>
    Unusable,
}
