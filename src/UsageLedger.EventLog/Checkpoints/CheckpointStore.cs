using System.Buffers.Binary;
using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger.EventLog.Checkpoints;

/// <summary>The signed heads and the public keys in the database.</summary>
public sealed class CheckpointStore(NpgsqlDataSource database)
{
    private const string InsertCheckpoint = """
        insert into ledger.log_checkpoints (size, key_id, note, signed_at) values ($1, $2, $3, $4)
        on conflict (size, key_id) do nothing
        """;

    private const string InsertKey = """
        insert into ledger.log_keys (key_id, public_key, added_at) values ($1, $2, $3)
        on conflict (key_id) do nothing
        """;

    private const string SelectKeys = "select public_key from ledger.log_keys order by added_at desc, key_id";

    public async Task AddAsync(SignedCheckpoint checkpoint, uint keyId, CancellationToken ct)
    {
        await using var insert = database.CreateCommand(InsertCheckpoint);
        insert.Parameters.Add(new() { Value = checkpoint.Size });
        insert.Parameters.Add(new() { Value = Bytes(keyId) });
        insert.Parameters.Add(new() { Value = checkpoint.Note });
        insert.Parameters.Add(Timestamp(checkpoint.SignedAt));
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>Makes the public half of a signing key known; a known one stays as it is.</summary>
    public async Task AddKeyAsync(uint keyId, string publicPem, Instant now, CancellationToken ct)
    {
        await using var insert = database.CreateCommand(InsertKey);
        insert.Parameters.Add(new() { Value = Bytes(keyId) });
        insert.Parameters.Add(new() { Value = publicPem });
        insert.Parameters.Add(Timestamp(now));
        await insert.ExecuteNonQueryAsync(ct);
    }

    /// <summary>The public keys as PEM, newest first.</summary>
    public async Task<IReadOnlyList<string>> KeysAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectKeys);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add(reader.GetString(0));
        }

        return keys;
    }

    private static byte[] Bytes(uint keyId)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, keyId);
        return bytes;
    }

    private static NpgsqlParameter Timestamp(Instant instant) => new() { Value = instant.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
