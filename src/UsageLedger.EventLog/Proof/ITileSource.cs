namespace UsageLedger.EventLog.Proof;

/// <summary>Where tiles are read from.</summary>
public interface ITileSource
{
    /// <summary>The hashes that the tile holds now, 32 bytes each, or null if there is no such tile.</summary>
    ValueTask<ReadOnlyMemory<byte>?> ReadAsync(int level, long index, CancellationToken ct);
}
