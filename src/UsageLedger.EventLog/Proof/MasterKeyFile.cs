using System.Security.Cryptography;

namespace UsageLedger.EventLog.Proof;

/// <summary>The key that all other secrets are sealed under: 32 random bytes, in base64, in a file only its owner can read.</summary>
public static class MasterKeyFile
{
    public const int KeyLength = 32;

    /// <summary>The key in this file, which is made if there is none; of several makers at once one wins and all get its key.</summary>
    /// <exception cref="KeyFileException">The file is open to others, or holds no key.</exception>
    public static byte[] OpenOrCreate(string path)
    {
        if (!File.Exists(path))
        {
            CreateUnlessThere(path, RandomNumberGenerator.GetBytes(KeyLength));
        }

        return NoteText.FromBase64(PrivateFile.Read(path).TrimEnd()) is { Length: KeyLength } key
            ? key
            : throw new KeyFileException($"{path} holds no master key: it must be {KeyLength} bytes in base64.");
    }

    /// <summary>Puts a key into this file, in place of whatever was there: the old content or the new, whole, at every moment.</summary>
    public static void Replace(string path, ReadOnlySpan<byte> key) => PrivateFile.Replace(path, Convert.ToBase64String(key) + "\n");

    /// <summary>Puts a key into this file unless it is there.</summary>
    public static void CreateUnlessThere(string path, ReadOnlySpan<byte> key) => PrivateFile.CreateUnlessThere(path, Convert.ToBase64String(key) + "\n");
}
