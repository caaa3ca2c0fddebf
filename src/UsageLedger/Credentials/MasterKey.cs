using System.Security.Cryptography;
using System.Text;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Credentials;

/// <summary>A master key and the id by which what is sealed under it names it. It prints its id only.</summary>
public sealed class MasterKey
{
    private const int IdBytes = 8;

    private readonly byte[] key;

    internal MasterKey(byte[] key)
    {
        this.key = key;
        Id = Convert.ToHexStringLower(HMACSHA256.HashData(key, "usage-ledger master key id"u8).AsSpan(0, IdBytes));
    }

    public string Id { get; }

    /// <param name="of">What the secret belongs to: it opens as nothing else's.</param>
    internal byte[] Seal(ReadOnlySpan<byte> secret, string of) => SealedBytes.Seal(secret, key, Encoding.UTF8.GetBytes(of));

    /// <exception cref="KeyFileException">The bytes were changed, or belong to something else.</exception>
    internal byte[] Open(ReadOnlySpan<byte> @sealed, string of) => SealedBytes.Open(@sealed, key, Encoding.UTF8.GetBytes(of));

    /// <summary>For the files that are sealed under it.</summary>
    internal byte[] Bytes => key;

    public override string ToString() => $"master key {Id}";
}
