using System.Text;
using UsageLedger.Credentials;

namespace UsageLedger.Inbox;

/// <summary>Seals bodies, each bound to its item, under a key that the master key seals: a webhook may hold names, numbers and what was said.</summary>
public sealed class InboxSeal(SealedKeys keys)
{
    private const string Name = "inbox";

    private readonly Lazy<byte[]> key = new(() => keys.OpenOrCreate(Name), LazyThreadSafetyMode.PublicationOnly);

    /// <summary>Makes sure of the key, if anything was ever sealed with it. A failure is the ledger's, where one of <see cref="Open"/> is the item's.</summary>
    public void Unlock() => _ = key.IsValueCreated ? key.Value : keys.Open(Name);

    public byte[] Seal(Guid item, ReadOnlySpan<byte> body) => SealedBytes.Seal(body, key.Value, Bound(item));

    /// <exception cref="EventLog.Proof.KeyFileException">It belongs to another item, or was changed.</exception>
    public byte[] Open(Guid item, ReadOnlySpan<byte> @sealed) => SealedBytes.Open(@sealed, key.Value, Bound(item));

    private static byte[] Bound(Guid item) => Encoding.ASCII.GetBytes($"usage-ledger inbox body v1|{item:N}");
}
