using System.Buffers.Binary;
using System.Security.Cryptography;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Reads the signed heads, those of the database and those kept elsewhere, and refuses the ones whose signature is not good.</summary>
internal sealed class CheckpointReading(DamageReport report)
{
    private const string SelectKeys = "select key_id, public_key from ledger.log_keys order by key_id";
    private const string SelectCheckpoints = "select size, key_id, note from ledger.log_checkpoints order by size, key_id";

    private readonly List<VerifyingKey> keys = [];
    private readonly List<(string Pem, byte[] Id)> named = [];
    private readonly List<ReadCheckpoint> read = [];
    private readonly HashSet<string> signers = [];

    /// <summary>Public keys (PEM) with which the heads that were taken are signed.</summary>
    public IReadOnlySet<string> Signers => signers;

    /// <summary>All good heads, by size.</summary>
    public async Task<IReadOnlyList<ReadCheckpoint>> AllAsync(NpgsqlConnection connection, VerifyOptions options, CancellationToken ct)
    {
        await ReadKeysAsync(connection, ct);
        var inDatabase = keys.ConvertAll(key => key.Pem);
        keys.AddRange(options.TrustedKeys.Where(pem => !inDatabase.Contains(pem)).Select(VerifyingKey.FromPem));
        await ReadStoredAsync(connection, ct);
        var stored = read.Select(checkpoint => (checkpoint.Size, Convert.ToHexString(checkpoint.RootHash.Span))).ToHashSet();
        foreach (var kept in options.Kept.Where(kept => !kept.IsEmpty))
        {
            if (Read(kept.Note, kept.KeptAt, null) is not { } signed)
            {
                continue;
            }

            if (!inDatabase.Contains(signed.Key.Pem))
            {
                report.Add(1, DamageKind.CheckpointMismatch, $"the database does not know the public key that signed {kept.KeptAt}: its keys were replaced");
            }
            else if (!stored.Contains((signed.Head.Size, Convert.ToHexString(signed.Head.RootHash.Span))))
            {
                report.Add(Math.Max(1, signed.Head.Size), DamageKind.CheckpointMismatch, $"the database does not hold the checkpoint in {kept.KeptAt} any more");
            }
        }

        return [.. read.OrderBy(checkpoint => checkpoint.Size)];
    }

    private async Task ReadStoredAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectCheckpoints, connection) { CommandTimeout = 0 };
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            var (size, id) = (reader.GetInt64(0), reader.GetFieldValue<byte[]>(1));
            Read(reader.GetString(2), null, (size, id));
        }
    }

    /// <summary>Takes a note if it is a head that a known key signed, and reports it if not.</summary>
    /// <param name="row">What the database says of it beside the note.</param>
    private (ReadCheckpoint Head, VerifyingKey Key)? Read(string note, string? keptAt, (long Size, byte[] KeyId)? row)
    {
        var where = keptAt ?? $"the stored checkpoint of size {row!.Value.Size}";
        try
        {
            var signed = SignedNote.Parse(note);
            var checkpoint = Checkpoint.Parse(signed.Text);
            var key = keys.Find(key => signed.Verify(checkpoint.Origin, key) == NoteVerdict.Genuine);
            if (key is not null && (row is not { } stated || (stated.Size == checkpoint.Size && IsId(stated.KeyId, key.KeyId(checkpoint.Origin)))))
            {
                var head = new ReadCheckpoint(checkpoint.Size, checkpoint.RootHash, keptAt);
                read.Add(head);
                if (signers.Add(key.Pem))
                {
                    CheckNamed(key, checkpoint.Origin);
                }

                return (head, key);
            }

            var why = key is null ? "is not signed by a key of this log" : "has a size or key beside it that is not the note's";
            report.Add(Math.Max(1, row?.Size ?? checkpoint.Size), DamageKind.CheckpointMismatch, $"{where} {why}");
        }
        catch (NoteFormatException failure)
        {
            report.Add(Math.Max(1, row?.Size ?? 1), DamageKind.CheckpointMismatch, $"{where} is no checkpoint: {failure.Message}");
        }

        return null;
    }

    /// <summary>The database finds a key by its id: under another one it would not be found again.</summary>
    private void CheckNamed(VerifyingKey key, string keyName)
    {
        var id = key.KeyId(keyName);
        if (named.Exists(one => one.Pem == key.Pem) && !named.Exists(one => one.Pem == key.Pem && IsId(one.Id, id)))
        {
            report.Add(1, DamageKind.CheckpointMismatch, $"the database has public key {id:x8} of {keyName} under another id");
        }
    }

    private static bool IsId(byte[] stored, uint id) => stored.Length == sizeof(uint) && BinaryPrimitives.ReadUInt32BigEndian(stored) == id;

    private async Task ReadKeysAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectKeys, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            try
            {
                keys.Add(VerifyingKey.FromPem(reader.GetString(1)));
                named.Add((keys[^1].Pem, reader.GetFieldValue<byte[]>(0)));
            }
            catch (Exception failure) when (failure is CryptographicException or FormatException)
            {
                report.Add(1, DamageKind.CheckpointMismatch, $"public key {Convert.ToHexStringLower(reader.GetFieldValue<byte[]>(0))} in the database is none: {failure.Message}");
            }
        }
    }
}
