using System.Security.Cryptography;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Credentials;

/// <summary>AES-256-GCM: nonce, tag and cipher text in one, bound to a text that says what they belong to.</summary>
internal static class SealedBytes
{
    public const int KeyLength = 32;

    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static byte[] Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> key, ReadOnlySpan<byte> of)
    {
        var bytes = new byte[NonceLength + TagLength + secret.Length];
        var nonce = bytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(nonce, secret, bytes.AsSpan(NonceLength + TagLength), bytes.AsSpan(NonceLength, TagLength), of);
        return bytes;
    }

    /// <exception cref="KeyFileException">The bytes were changed, or were sealed under another key or for something else.</exception>
    public static byte[] Open(ReadOnlySpan<byte> @sealed, ReadOnlySpan<byte> key, ReadOnlySpan<byte> of)
    {
        if (@sealed.Length < NonceLength + TagLength)
        {
            throw Damaged(null);
        }

        var secret = new byte[@sealed.Length - NonceLength - TagLength];
        using var aes = new AesGcm(key, TagLength);
        try
        {
            aes.Decrypt(@sealed[..NonceLength], @sealed[(NonceLength + TagLength)..], @sealed.Slice(NonceLength, TagLength), secret, of);
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw Damaged(exception);
        }

        return secret;
    }

    private static KeyFileException Damaged(Exception? inner)
    {
        const string message = "A sealed secret in the database does not open: its row was changed, or belongs to something else.";
        return inner is null ? new KeyFileException(message) : new KeyFileException(message, inner);
    }
}
