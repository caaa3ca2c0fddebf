using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.Inbox;

/// <summary>Seals bodies under the master key (AES-256-GCM), bound to their item: a webhook may hold names, numbers and what was said.</summary>
public sealed class InboxSeal
{
    private const byte Version = 1;
    private const int NonceLength = 12;
    private const int TagLength = 16;
    private const int HeaderLength = 1 + NonceLength + TagLength;

    private readonly byte[] key;

    public InboxSeal(ReadOnlySpan<byte> masterKey) =>
        key = HKDF.DeriveKey(HashAlgorithmName.SHA256, masterKey.ToArray(), masterKey.Length, info: "usage-ledger inbox bodies v1"u8.ToArray());

    public byte[] Seal(Guid item, ReadOnlySpan<byte> body)
    {
        var @sealed = new byte[HeaderLength + body.Length];
        @sealed[0] = Version;
        var nonce = @sealed.AsSpan(1, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, body, @sealed.AsSpan(HeaderLength), @sealed.AsSpan(1 + NonceLength, TagLength), Bound(item));
        return @sealed;
    }

    /// <exception cref="CryptographicException">It was sealed under another master key, belongs to another item, or was changed.</exception>
    public byte[] Open(Guid item, ReadOnlySpan<byte> @sealed)
    {
        if (@sealed.Length < HeaderLength || @sealed[0] != Version)
        {
            throw new CryptographicException("The body is of no form that this version knows.");
        }

        var body = new byte[@sealed.Length - HeaderLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Decrypt(@sealed.Slice(1, NonceLength), @sealed[HeaderLength..], @sealed.Slice(1 + NonceLength, TagLength), body, Bound(item));
        return body;
    }

    private static byte[] Bound(Guid item) => Encoding.ASCII.GetBytes(item.ToString("N"));
}
