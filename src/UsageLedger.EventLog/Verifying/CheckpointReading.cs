using System.Security.Cryptography;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Reads the signed heads, those of the database and those kept elsewhere, and refuses the ones whose signature is not good.</summary>
internal static class CheckpointReading
{
    private const string SelectKeys = "select public_key from ledger.log_keys";
    private const string SelectCheckpoints = "select size, note from ledger.log_checkpoints order by size";

    public static async Task<IReadOnlyList<ReadCheckpoint>> AllAsync(
        NpgsqlConnection connection, VerifyOptions options, DamageReport report, CancellationToken ct)
    {
        var known = await KeysAsync(connection, report, ct);
        foreach (var trusted in options.TrustedKeys.Where(pem => !known.Exists(key => key.Pem.Trim() == pem.Trim())))
        {
            report.Add(1, DamageKind.CheckpointMismatch, "the database does not know the public key of this installation: its keys were replaced");
            known.Add(VerifyingKey.FromPem(trusted));
        }

        var read = new List<ReadCheckpoint>();
        var trustedKeys = options.TrustedKeys.Select(VerifyingKey.FromPem).ToList();
        foreach (var kept in options.Kept)
        {
            // A note kept elsewhere is worth as much as the key that vouches for it: the installation's own, where there is one.
            Add(read, kept.Note, kept.Origin, trustedKeys.Count > 0 ? trustedKeys : known, report);
        }

        await using var select = new NpgsqlCommand(SelectCheckpoints, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            Add(read, reader.GetString(1), $"the stored checkpoint of size {reader.GetInt64(0)}", known, report, reader.GetInt64(0));
        }

        return [.. read.OrderBy(checkpoint => checkpoint.Size)];
    }

    private static void Add(
        List<ReadCheckpoint> read, string note, string where, List<VerifyingKey> keys, DamageReport report, long? size = null)
    {
        try
        {
            var signed = SignedNote.Parse(note);
            var checkpoint = Checkpoint.Parse(signed.Text);
            if ((size is null || size == checkpoint.Size) && keys.Exists(key => signed.Verify(checkpoint.Origin, key) == NoteVerdict.Genuine))
            {
                read.Add(new ReadCheckpoint(checkpoint.Size, checkpoint.RootHash, where));
                return;
            }

            report.Add(checkpoint.Size, DamageKind.CheckpointMismatch, $"{where} is not signed by a key of this log");
        }
        catch (NoteFormatException failure)
        {
            report.Add(size ?? 1, DamageKind.CheckpointMismatch, $"{where} is no checkpoint: {failure.Message}");
        }
    }

    private static async Task<List<VerifyingKey>> KeysAsync(NpgsqlConnection connection, DamageReport report, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectKeys, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<VerifyingKey>();
        while (await reader.ReadAsync(ct))
        {
            try
            {
                keys.Add(VerifyingKey.FromPem(reader.GetString(0)));
            }
            catch (Exception failure) when (failure is CryptographicException or FormatException)
            {
                report.Add(1, DamageKind.CheckpointMismatch, $"a public key in the database is none: {failure.Message}");
            }
        }

        return keys;
    }
}
