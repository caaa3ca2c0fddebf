using System.Buffers;
using System.Security.Cryptography;

namespace UsageLedger.EventLog.Proof;

/// <summary>The hashes of RFC 9162's tree over SHA-256.</summary>
public static class TreeHasher
{
    public const int HashLength = SHA256.HashSizeInBytes;
    public const byte LeafPrefix = 0x00;
    public const byte NodePrefix = 0x01;

    private const int StackMax = 1024;

    /// <summary>Root of the tree that has no leaf.</summary>
    public static ReadOnlyMemory<byte> EmptyRoot { get; } = SHA256.HashData([]);

    /// <summary>SHA-256(0x00 || entry).</summary>
    public static void Leaf(ReadOnlySpan<byte> entry, Span<byte> destination)
    {
        var rented = entry.Length >= StackMax ? ArrayPool<byte>.Shared.Rent(entry.Length + 1) : null;
        var buffer = rented ?? stackalloc byte[StackMax];
        buffer[0] = LeafPrefix;
        entry.CopyTo(buffer[1..]);
        SHA256.HashData(buffer[..(entry.Length + 1)], destination);
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    /// <summary>The same for bytes that already begin with 0x00, as <see cref="LogEntry.WritePrefixed"/> writes them: nothing is copied.</summary>
    public static void PrefixedLeaf(ReadOnlySpan<byte> prefixedEntry, Span<byte> destination) =>
        SHA256.HashData(prefixedEntry, destination);

    /// <summary>SHA-256(0x01 || left || right); the destination may be one of the two.</summary>
    public static void Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, Span<byte> destination)
    {
        Span<byte> buffer = stackalloc byte[1 + (2 * HashLength)];
        buffer[0] = NodePrefix;
        left.CopyTo(buffer[1..]);
        right.CopyTo(buffer[(1 + HashLength)..]);
        SHA256.HashData(buffer, destination);
    }
}
