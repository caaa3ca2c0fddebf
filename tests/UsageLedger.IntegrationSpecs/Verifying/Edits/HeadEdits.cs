using System.Buffers.Binary;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Signed heads and public keys are edited, taken out, or made anew by somebody with a key of their own.</summary>
internal static class HeadEdits
{
    private const string Mismatch = "checkpoint_mismatch";
    private const string Base64 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    private static readonly string[] HeadChanges =
    [
        "update ledger.log_checkpoints set size = size + 1 where size = $1",
        "update ledger.log_checkpoints set key_id = '\\x01020304' where size = $1",
        "update ledger.log_checkpoints set note = replace(note, E'\\n' || size || E'\\n', E'\\n' || size + 1 || E'\\n') where size = $1",
        "update ledger.log_checkpoints set note = note || E'\\n' where size = $1",
        "update ledger.log_checkpoints set note = '' where size = $1",
    ];

    private static readonly string[] KeyChanges =
    [
        "update ledger.log_keys set public_key = $1",
        "update ledger.log_keys set public_key = 'nonsense' where $1 <> ''",
        "delete from ledger.log_keys where $1 <> ''",
    ];

    public static IEnumerable<Edit> All =>
    [
        new("head character", CharacterAsync),
        .. HeadChanges.Select((statement, number) => new Edit($"head {number}", (log, random) => ChangeAsync(log, random, statement))),
        new("delete a signed head", DeleteAsync),
        new("forge a signed head", ForgeAsync),
        .. KeyChanges.Select((statement, number) => new Edit($"key {number}", (log, _) => KeyAsync(log, statement))),
        new("key id", KeyIdAsync),
        new("replace key and signatures", ReplaceAsync),
    ];

    /// <summary>Signs every head anew with a key that the log never had, and puts that key in the place of its own.</summary>
    public static async Task<Expected> SignAnewAsync(EditedLog log)
    {
        using var forger = Forger();
        var origin = Origin(log);
        foreach (var size in log.Heads)
        {
            var text = await log.AskAsync<string>("select note from ledger.log_checkpoints where size = $1", size);
            await log.DoAsync(
                "update ledger.log_checkpoints set note = $2, key_id = $3 where size = $1",
                size, SignedNote.Sign(SignedNote.Parse(text).Text, origin, forger).ToString(), KeyId(forger, origin));
        }

        await log.DoAsync("update ledger.log_keys set key_id = $1, public_key = $2", KeyId(forger, origin), forger.PublicPem);
        return Expected.Among((1, Mismatch));
    }

    private static async Task<Expected> CharacterAsync(EditedLog log, Random random)
    {
        var size = Head(log, random);
        var note = (await log.AskAsync<string>("select note from ledger.log_checkpoints where size = $1", size)).ToCharArray();
        var at = random.Next(note.Length);
        var before = note[at];
        while (note[at] == before)
            note[at] = Base64[random.Next(Base64.Length)];
        await log.DoAsync("update ledger.log_checkpoints set note = $2 where size = $1", size, new string(note));
        return Expected.Only(size, Mismatch) with { Options = log.Alone };
    }

    private static async Task<Expected> ChangeAsync(EditedLog log, Random random, string statement)
    {
        var size = Head(log, random);
        await log.DoAsync(statement, size);
        var at = statement.Contains("set size", StringComparison.Ordinal) ? size + 1 : size;
        return Expected.Only(at, Mismatch) with { Options = log.Alone };
    }

    private static async Task<Expected> DeleteAsync(EditedLog log, Random random)
    {
        var size = Head(log, random);
        await log.DoAsync("delete from ledger.log_checkpoints where size = $1", size);
        return Expected.Only(size, Mismatch);
    }

    /// <summary>A head of another tree, signed by a key that the database does not know.</summary>
    private static async Task<Expected> ForgeAsync(EditedLog log, Random random)
    {
        using var forger = Forger();
        var (size, root) = (log.Position(random), new byte[TreeHasher.HashLength]);
        random.NextBytes(root);
        var note = SignedNote.Sign(new Checkpoint(Origin(log), size, root).ToText(), Origin(log), forger).ToString();
        await log.DoAsync("insert into ledger.log_checkpoints values ($1, $2, $3, now())", size, KeyId(forger, Origin(log)), note);
        return Expected.Only(size, Mismatch);
    }

    private static async Task<Expected> KeyAsync(EditedLog log, string statement)
    {
        using var forger = Forger();
        await log.DoAsync(statement, forger.PublicPem);
        return Expected.Among([.. log.Heads.Select(size => (size, Mismatch))]) with { Options = log.Alone };
    }

    private static async Task<Expected> KeyIdAsync(EditedLog log, Random random)
    {
        await log.DoAsync("update ledger.log_keys set key_id = $1", BitConverter.GetBytes(random.Next()));
        return Expected.Only(1, Mismatch);
    }

    private static Task<Expected> ReplaceAsync(EditedLog log, Random random) => SignAnewAsync(log);

    private static long Head(EditedLog log, Random random) => log.Heads[random.Next(log.Heads.Count)];

    private static string Origin(EditedLog log) => Checkpoint.Parse(SignedNote.Parse(log.Kept.Kept[0].Note).Text).Origin;

    private static SigningKey Forger() => SigningKey.OpenOrCreate(Path.Combine(SpecFolders.Next(), "key"), new byte[MasterKeyFile.KeyLength]);

    /// <summary>As the database has it.</summary>
    public static byte[] KeyId(SigningKey key, string origin)
    {
        var id = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(id, key.KeyId(origin));
        return id;
    }
}
