using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.Access;

/// <summary>The text that a caller shows: 256 random bits, so that its plain SHA-256 can be kept and nobody can guess back.</summary>
public static class KeySecret
{
    public const string Prefix = "ulk_";

    private const int RandomBytes = 32;
    private const int EncodedLength = 43;

    public static string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));

    /// <summary>Whether the text can be a key at all; what cannot is refused without asking the database.</summary>
    public static bool IsWellFormed(string text) =>
        text.Length == Prefix.Length + EncodedLength
        && text.StartsWith(Prefix, StringComparison.Ordinal)
        && Base64Url.IsValid(text.AsSpan(Prefix.Length), out var bytes) && bytes == RandomBytes;

    public static byte[] Hash(string secret) => SHA256.HashData(Encoding.ASCII.GetBytes(secret));
}
