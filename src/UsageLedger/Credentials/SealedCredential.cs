using System.Security.Cryptography;
using System.Text.Json;
using UsageLedger.Collecting;

namespace UsageLedger.Credentials;

/// <summary>A credential as the database keeps it: the values under a key of their own, that key under a master key.</summary>
/// <param name="Id">Also of the event from which it counts.</param>
internal sealed record SealedCredential(Guid Id, string Tenant, string SourceId, string MasterKeyId, byte[] Key, byte[] Values)
{
    /// <summary>Binds the cipher texts to their place: in another row they do not open.</summary>
    private string Place => $"usage-ledger credential v1|{Tenant}|{SourceId}|{Id}";

    public static SealedCredential Seal(Guid id, string tenant, string sourceId, IReadOnlyDictionary<string, string> values, MasterKey master)
    {
        var key = RandomNumberGenerator.GetBytes(SealedBytes.KeyLength);
        var plain = JsonSerializer.SerializeToUtf8Bytes(values);
        var made = new SealedCredential(id, tenant, sourceId, master.Id, [], []);
        try
        {
            return made with
            {
                Key = master.Seal(key, made.Place),
                Values = SealedBytes.Seal(plain, key, System.Text.Encoding.UTF8.GetBytes(made.Place)),
            };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    public Credential Open(MasterKey master)
    {
        var key = master.Open(Key, Place);
        var plain = SealedBytes.Open(Values, key, System.Text.Encoding.UTF8.GetBytes(Place));
        try
        {
            return new Credential(Id.ToString(), JsonSerializer.Deserialize<Dictionary<string, string>>(plain)!);
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
            CryptographicOperations.ZeroMemory(plain);
        }
    }

    /// <summary>The same values, their key under another master key.</summary>
    public SealedCredential Resealed(MasterKey from, MasterKey to)
    {
        var key = from.Open(Key, Place);
        try
        {
            return this with { MasterKeyId = to.Id, Key = to.Seal(key, Place) };
        }
        finally
        {
            CryptographicOperations.ZeroMemory(key);
        }
    }

    public override string ToString() => $"sealed credential {Id}";
}
