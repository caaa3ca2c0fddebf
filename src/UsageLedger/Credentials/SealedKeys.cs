using System.Security.Cryptography;
using Npgsql;

namespace UsageLedger.Credentials;

/// <summary>Keys of the ledger itself, kept in the database under the master key.</summary>
public sealed class SealedKeys(NpgsqlDataSource database, MasterKeys masters)
{
    private const string Select = "select master_key_id, sealed_key from ledger.sealed_keys where name = $1";

    private const string Insert = """
        insert into ledger.sealed_keys (name, master_key_id, sealed_key) values ($1, $2, $3)
        on conflict (name) do nothing
        """;

    /// <summary>The key of this name, which is made if there is none; of several makers at once one wins and all get its key.</summary>
    public byte[] OpenOrCreate(string name)
    {
        if (Find(name) is { } known)
        {
            return known;
        }

        var master = masters.Current();
        var key = RandomNumberGenerator.GetBytes(SealedBytes.KeyLength);
        using var insert = database.CreateCommand(Insert);
        insert.Parameters.Add(new() { Value = name });
        insert.Parameters.Add(new() { Value = master.Id });
        insert.Parameters.Add(new() { Value = master.Seal(key, BoundTo(name)) });
        insert.ExecuteNonQuery();
        return Find(name)!;
    }

    /// <summary>The key of this name, if there is one.</summary>
    /// <exception cref="EventLog.Proof.KeyFileException">It is sealed under a master key that is not here.</exception>
    public byte[]? Open(string name) => Find(name);

    internal static string BoundTo(string name) => "usage-ledger sealed key v1|" + name;

    private byte[]? Find(string name)
    {
        using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = name });
        using var reader = select.ExecuteReader();
        return reader.Read()
            ? masters.Find(reader.GetString(0)).Open(reader.GetFieldValue<byte[]>(1), BoundTo(name))
            : null;
    }
}
