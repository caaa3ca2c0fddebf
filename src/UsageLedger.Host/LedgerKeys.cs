using System.Globalization;
using NodaTime;
using Npgsql;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host;

/// <summary>The keys of this installation and the heads signed with them, in files outside the database.</summary>
internal static class LedgerKeys
{
    private const string PemBegin = "-----BEGIN";

    private const string SelectSealedUnder = "select min(master_key_id) from (select master_key_id from ledger.sealed_keys union all select master_key_id from ledger.credentials) s";

    /// <summary>A server needs the master key, and says so before it serves.</summary>
    /// <exception cref="KeyFileException">Something is sealed, and there is no key here.</exception>
    public static async Task RefuseSecondMasterAsync(LedgerSettings settings, NpgsqlDataSource database, CancellationToken ct)
    {
        if (await SecondMasterRefusalAsync(settings, database, ct) is { } refusal)
        {
            throw new KeyFileException(refusal);
        }
    }

    /// <summary>
    /// The first host of a ledger makes its master key. One that came later and made another could open nothing that is sealed in the database,
    /// would refuse webhooks, and would sign with a key that nobody knows. Null: the key is here, or may be made.
    /// </summary>
    public static async Task<string?> SecondMasterRefusalAsync(LedgerSettings settings, NpgsqlDataSource database, CancellationToken ct)
    {
        if (File.Exists(settings.MasterKeyFile))
        {
            return null;
        }

        await using var select = database.CreateCommand(SelectSealedUnder);
        return await select.ExecuteScalarAsync(ct) is string id
            ? $"The database holds what is sealed under the master key {id}, and there is no {settings.MasterKeyFile}. Copy master.key, signing.key and signing.key.pub here from "
                + "the host that has them ('Another host' in docs/operating.md). Where that key is lost, see 'A lost master key' in docs/backups.md. None was made."
            : null;
    }

    /// <summary>The signing key is made on the first start, readable by its owner only.</summary>
    public static CheckpointSigner Signer(LedgerSettings settings, IServiceProvider services)
    {
        Directory.CreateDirectory(settings.DataDir);
        var key = services.GetRequiredService<MasterKeys>().SigningKey(settings.SigningKeyFile);
        Remember(PublicFile(settings), key.PublicPem);
        return new CheckpointSigner(
            services.GetRequiredService<LogReader>(), services.GetRequiredService<LogTiles>(), services.GetRequiredService<CheckpointStore>(),
            key, services.GetRequiredService<IClock>(), settings.Origin, KeptHeads(settings));
    }

    /// <summary>
    /// The heads kept of the log in this database: those of the embedded one in <c>checkpoints</c>, those of others in a folder
    /// below it, for the same data directory may serve one database today and another tomorrow.
    /// </summary>
    public static KeptHeads KeptHeads(LedgerSettings settings)
    {
        var folder = Path.Combine(settings.DataDir, "checkpoints");
        return new KeptHeads(settings.ConnectionString is { } configured ? Path.Combine(folder, PlaceOf(configured)) : folder);
    }

    /// <summary>The public halves of the keys that this installation has signed with; none before the first start.</summary>
    public static async Task<IReadOnlyList<string>> TrustedAsync(LedgerSettings settings, CancellationToken ct) =>
        File.Exists(PublicFile(settings)) ? Pems(await File.ReadAllTextAsync(PublicFile(settings), ct)) : [];

    private static string PlaceOf(string connectionString)
    {
        var named = new NpgsqlConnectionStringBuilder(connectionString);
        var place = string.Create(CultureInfo.InvariantCulture, $"{named.Host}-{named.Port}-{named.Database ?? named.Username}");
        return string.Concat(place.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '.' ? letter : '_'));
    }

    /// <summary>Earlier keys stay behind the present one: what they signed is checked with them for ever.</summary>
    private static void Remember(string file, string pem)
    {
        var known = File.Exists(file) ? Pems(File.ReadAllText(file)) : [];
        if (known.Count == 0 || known[0] != pem)
        {
            File.WriteAllText(file + ".new", string.Concat(known.Where(one => one != pem).Prepend(pem)));
            File.Move(file + ".new", file, overwrite: true);
        }
    }

    private static List<string> Pems(string text) =>
        [.. text.Split(PemBegin, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(rest => VerifyingKey.FromPem(PemBegin + " " + rest).Pem)];

    private static string PublicFile(LedgerSettings settings) => settings.SigningKeyFile + ".pub";
}
