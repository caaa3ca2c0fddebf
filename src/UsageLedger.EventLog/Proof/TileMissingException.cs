namespace UsageLedger.EventLog.Proof;

/// <summary>A tile that a tree of the asked size must have is not there, or holds too few hashes.</summary>
public sealed class TileMissingException(int level, long index, int widthNeeded, int widthFound)
    : Exception($"Tile {new TilePath(level, index, TreeTile.WidthMax)} holds {widthFound} hashes; {widthNeeded} are needed.")
{
    public int Level => level;

    public long Index => index;
}
