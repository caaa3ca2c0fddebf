using NodaTime;
using NodaTime.Text;
using Npgsql;

namespace UsageLedger.Host.Doctor;

/// <summary>Whether the keys here are those that the database knows, and which API keys end soon.</summary>
internal static class KeyCheck
{
    private const int ShownMax = 5;

    private const string SelectSigning = "select encode(key_id, 'hex') from ledger.log_keys order by added_at desc";
    private const string SelectMasters = "select master_key_id from ledger.credentials union select master_key_id from ledger.sealed_keys";

    private const string SelectEnding = """
        select id::text, tenant, expires_at from ledger.api_keys
        where revoked_at is null and expires_at > now() and expires_at < now() + interval '30 days'
        order by expires_at limit 100
        """;

    /// <param name="signing">The id of the signing key that is here; empty: there is none. Null: it cannot be told.</param>
    /// <param name="masters">The ids of the master keys that are here; null: they cannot be told.</param>
    public static async Task<List<Diagnosis>> RunAsync(NpgsqlDataSource database, string? signing, IReadOnlySet<string>? masters, CancellationToken ct) =>
    [
        Known(signing, await ExaminedDatabase.TextsAsync(database, SelectSigning, ct)),
        Opens(masters, await ExaminedDatabase.TextsAsync(database, SelectMasters, ct)),
        Ending(await EndingAsync(database, ct)),
    ];

    private static Diagnosis Known(string? signing, List<string> known) =>
        known.Count == 0 ? Diagnosis.Good("signing key known", "No key has signed this log yet.")
        : signing is null ? Untold("signing key known", "Whether the log knows the signing key that is here")
        : known.Contains(signing) ? Diagnosis.Good("signing key known", "The log knows the signing key.")
        : Diagnosis.Bad(
            "signing key known", "This log was signed with other keys, and the one of this host is not among them.",
            "Bring the signing key back from where it is kept. If it is lost, start the server: heads are signed by the new key, and those before are checked with the old public key.");

    private static Diagnosis Opens(IReadOnlySet<string>? here, List<string> needed) => here is null ? Untold("sealed", "Whether what is sealed opens") : needed.Where(id => !here.Contains(id)).ToList() is { Count: > 0 } missing
        ? Diagnosis.Bad("sealed", $"Something is sealed under the master key {string.Join(", ", missing.Take(ShownMax))}, which is not here.", "Put the file of that key beside the master key, as .previous; if it is lost, see 'A lost master key' in docs/backups.md.")
        : Diagnosis.Good("sealed", "What is sealed opens with the master keys that are here.");

    private static Diagnosis Untold(string name, string what) =>
        Diagnosis.Worry(name, $"{what} cannot be told: a key's file does not open.", "Do first what the line about that file says.");

    private static Diagnosis Ending(List<(string Id, string Tenant, Instant At)> ending) => ending.Count == 0
        ? Diagnosis.Good("API keys", "No API key ends within 30 days.")
        : Diagnosis.Worry(
            "API keys", $"{ending.Count} end within 30 days: {string.Join("; ", ending.Take(ShownMax).Select(key => $"{key.Id} of {key.Tenant} on {InstantPattern.General.Format(key.At)}"))}.",
            "Make new ones with 'ledger keys create', and hand them over before.");

    private static async Task<List<(string, string, Instant)>> EndingAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectEnding);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var keys = new List<(string, string, Instant)>();
        while (await reader.ReadAsync(ct))
        {
            keys.Add((reader.GetString(0), reader.GetString(1), reader.GetInstant(2)));
        }

        return keys;
    }
}
