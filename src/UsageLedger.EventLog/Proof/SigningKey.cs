using System.Security.Cryptography;

namespace UsageLedger.EventLog.Proof;

/// <summary>The key that signs checkpoints; kept in a file of its own, sealed under the master key.</summary>
public sealed class SigningKey : IDisposable
{
    private readonly ECDsa key;

    // An ECDsa object is for one thread at a time.
    private readonly Lock oneAtATime = new();

    private SigningKey(ECDsa key)
    {
        this.key = key;
        Public = VerifyingKey.FromSubjectPublicKeyInfo(key.ExportSubjectPublicKeyInfo());
    }

    public VerifyingKey Public { get; }

    public string PublicPem => Public.Pem;

    /// <summary>The key in this file, which is made if there is none; of several makers at once one wins and all get its key.</summary>
    /// <exception cref="KeyFileException">The file is open to others, damaged, or sealed under another master key.</exception>
    public static SigningKey OpenOrCreate(string path, ReadOnlySpan<byte> masterKey)
    {
        if (!File.Exists(path))
        {
            using var made = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var pkcs8 = made.ExportPkcs8PrivateKey();
            PrivateFile.CreateUnlessThere(path, KeySeal.Seal(pkcs8, masterKey));
            CryptographicOperations.ZeroMemory(pkcs8);
        }

        return Open(path, masterKey);
    }

    /// <summary>As above, sealed under any of these master keys; one that is made is sealed under the first.</summary>
    public static SigningKey OpenOrCreate(string path, IReadOnlyList<byte[]> masterKeys)
    {
        for (var i = 0; i < masterKeys.Count - 1 && File.Exists(path); i++)
        {
            try
            {
                return Open(path, masterKeys[i]);
            }
            catch (KeyFileException)
            {
                // Perhaps under the next; the last one says what is wrong.
            }
        }

        return OpenOrCreate(path, File.Exists(path) ? masterKeys[^1] : masterKeys[0]);
    }

    /// <summary>Puts the key, if there is one, under another master key: the file is the old one or the new one, whole, at every moment.</summary>
    public static void Reseal(string path, IReadOnlyList<byte[]> masterKeys, byte[] masterKey)
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var opened = OpenOrCreate(path, [masterKey, .. masterKeys]);
        var pkcs8 = opened.key.ExportPkcs8PrivateKey();
        PrivateFile.Replace(path, KeySeal.Seal(pkcs8, masterKey));
        CryptographicOperations.ZeroMemory(pkcs8);
    }

    /// <summary>The key id under a name, as it stands in signature lines.</summary>
    public uint KeyId(string keyName) => Public.KeyId(keyName);

    public byte[] Sign(ReadOnlySpan<byte> data)
    {
        lock (oneAtATime)
        {
            return key.SignData(data, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public void Dispose()
    {
        key.Dispose();
        Public.Dispose();
    }

    private static SigningKey Open(string path, ReadOnlySpan<byte> masterKey)
    {
        var pkcs8 = KeySeal.Open(PrivateFile.Read(path), masterKey, path);
        var key = ECDsa.Create();
        try
        {
            key.ImportPkcs8PrivateKey(pkcs8, out _);
            return new SigningKey(key);
        }
        catch
        {
            key.Dispose();
            throw;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(pkcs8);
        }
    }
}
