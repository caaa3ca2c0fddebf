using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.EventLog.Proof;

/// <summary>A secret sealed with AES-256-GCM: a line that tells the form, then nonce, tag and cipher text in base64.</summary>
internal static class KeySeal
{
    private const string Header = "usage-ledger sealed key v1";
    private const int NonceLength = 12;
    private const int TagLength = 16;

    public static string Seal(ReadOnlySpan<byte> secret, ReadOnlySpan<byte> masterKey)
    {
        var bytes = new byte[NonceLength + TagLength + secret.Length];
        var nonce = bytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(masterKey, TagLength);
        aes.Encrypt(nonce, secret, bytes.AsSpan(NonceLength + TagLength), bytes.AsSpan(NonceLength, TagLength), Encoding.ASCII.GetBytes(Header));
        return $"{Header}\n{Convert.ToBase64String(bytes)}\n";
    }

    public static byte[] Open(string content, ReadOnlySpan<byte> masterKey, string path)
    {
        var lines = content.Split('\n');
        if (lines.Length != 3 || lines[0] != Header || NoteText.FromBase64(lines[1]) is not { Length: > NonceLength + TagLength } bytes)
        {
            throw new KeyFileException($"{path} is no sealed key of a form this version knows (\"{Header}\").");
        }

        var secret = new byte[bytes.Length - NonceLength - TagLength];
        using var aes = new AesGcm(masterKey, TagLength);
        try
        {
            aes.Decrypt(
                bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength + TagLength), bytes.AsSpan(NonceLength, TagLength), secret,
                Encoding.ASCII.GetBytes(Header));
        }
        catch (AuthenticationTagMismatchException exception)
        {
            throw new KeyFileException($"{path} does not open with this master key: it was sealed under another one, or was changed.", exception);
        }

        return secret;
    }
}
