using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace UsageLedger.EventLog.Proof;

/// <summary>The public half of a signing key: ECDSA P-256 over SHA-256, signatures in DER.</summary>
public sealed class VerifyingKey : IDisposable
{
    private const byte EcdsaSignatureType = 0x02;
    private const string CurveOid = "1.2.840.10045.3.1.7";

    private readonly ECDsa key;
    private readonly byte[] subjectPublicKeyInfo;

    // An ECDsa object is for one thread at a time.
    private readonly Lock oneAtATime = new();

    private VerifyingKey(ECDsa key)
    {
        this.key = key;
        subjectPublicKeyInfo = key.ExportSubjectPublicKeyInfo();
        Pem = key.ExportSubjectPublicKeyInfoPem() + "\n";
    }

    /// <summary>PEM of the SubjectPublicKeyInfo, with a newline at its end.</summary>
    public string Pem { get; }

    public ReadOnlyMemory<byte> SubjectPublicKeyInfo => subjectPublicKeyInfo;

    /// <exception cref="CryptographicException">It is no P-256 key.</exception>
    public static VerifyingKey FromSubjectPublicKeyInfo(ReadOnlySpan<byte> der)
    {
        var key = ECDsa.Create();
        try
        {
            key.ImportSubjectPublicKeyInfo(der, out var read);
            return read == der.Length && key.ExportParameters(includePrivateParameters: false).Curve.Oid.Value == CurveOid
                ? new VerifyingKey(key)
                : throw new CryptographicException("The key is not one of ECDSA P-256.");
        }
        catch
        {
            key.Dispose();
            throw;
        }
    }

    /// <exception cref="CryptographicException">It is no P-256 key.</exception>
    public static VerifyingKey FromPem(string pem)
    {
        var found = PemEncoding.TryFind(pem, out var fields) && pem[fields.Label] == "PUBLIC KEY"
            ? Convert.FromBase64String(pem[fields.Base64Data])
            : throw new CryptographicException("The text holds no PEM of a public key.");
        return FromSubjectPublicKeyInfo(found);
    }

    /// <summary>The id of this key under a name: the start of SHA-256(name || 0x0A || 0x02 || SubjectPublicKeyInfo).</summary>
    public uint KeyId(string keyName) => BinaryPrimitives.ReadUInt32BigEndian(
        SHA256.HashData([.. Encoding.UTF8.GetBytes(keyName), (byte)'\n', EcdsaSignatureType, .. subjectPublicKeyInfo]));

    public bool Verify(ReadOnlySpan<byte> data, ReadOnlySpan<byte> signature)
    {
        lock (oneAtATime)
        {
            return key.VerifyData(data, signature, HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence);
        }
    }

    public void Dispose() => key.Dispose();
}
