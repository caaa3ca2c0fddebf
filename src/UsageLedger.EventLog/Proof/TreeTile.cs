namespace UsageLedger.EventLog.Proof;

/// <summary>A tile of the tree: up to 256 hashes, each of a complete subtree of 256^Level leaves (C2SP tlog-tiles).</summary>
/// <param name="Hashes">Width times 32 bytes.</param>
public sealed record TreeTile(int Level, long Index, ReadOnlyMemory<byte> Hashes)
{
    public const int Height = 8;
    public const int WidthMax = 1 << Height;

    /// <summary>Levels enough for any tree whose size is a positive long.</summary>
    public const int LevelsMax = 8;

    public int Width => Hashes.Length / TreeHasher.HashLength;

    public bool IsFull => Width == WidthMax;

    /// <summary>How many hashes of a level a tree of this size has.</summary>
    public static long HashesAt(int level, long size) => size >> (Height * level);

    /// <summary>How many hashes the last, unfinished tile of a level has; 0 if there is none.</summary>
    public static int PartialWidth(int level, long size) => (int)(HashesAt(level, size) % WidthMax);
}
