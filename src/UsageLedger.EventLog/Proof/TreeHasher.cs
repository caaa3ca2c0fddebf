using System.Security.Cryptography;

namespace UsageLedger.EventLog.Proof;

/// <summary>The hashes of RFC 9162's tree over SHA-256.</summary>
public static class TreeHasher
{
    public const int HashLength = SHA256.HashSizeInBytes;

    internal const byte LeafPrefix = 0x00;
    internal const byte NodePrefix = 0x01;

    // One hash object a thread: the one-shot call sets up OpenSSL's context each time, a quarter of the cost of a node.
    [ThreadStatic]
    private static IncrementalHash? ofThread;

    /// <summary>Root of the tree that has no leaf.</summary>
    public static ReadOnlyMemory<byte> EmptyRoot { get; } = SHA256.HashData([]);

    private static IncrementalHash Hash => ofThread ??= IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

    /// <summary>SHA-256(0x00 || entry).</summary>
    public static void Leaf(ReadOnlySpan<byte> entry, Span<byte> destination)
    {
        // Cut first: a destination too short must fail before the hash object holds anything.
        destination = destination[..HashLength];
        var hash = Hash;
        hash.AppendData([LeafPrefix]);
        hash.AppendData(entry);
        hash.GetHashAndReset(destination);
    }

    /// <summary>The same for bytes that begin with the 0x00 already, as <see cref="LogEntry.WritePrefixed"/> writes them.</summary>
    public static void PrefixedLeaf(ReadOnlySpan<byte> prefixedEntry, Span<byte> destination) => AtOnce(prefixedEntry, destination);

    /// <summary>SHA-256(0x01 || left || right); the destination may be one of the two.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * HashLength)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + HashLength)..]);
        AtOnce(buffer, destination);
    }

    private static void AtOnce(ReadOnlySpan<byte> bytes, Span<byte> destination)
    {
        destination = destination[..HashLength];
        var hash = Hash;
        hash.AppendData(bytes);
        hash.GetHashAndReset(destination);
    }
}
