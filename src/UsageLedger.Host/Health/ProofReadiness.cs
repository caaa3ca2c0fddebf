using Npgsql;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Host.Health;

/// <summary>Whether the log is being signed, and whether what is sealed opens here. Neither keeps usage from being recorded.</summary>
internal sealed class ProofReadiness(NpgsqlDataSource database, MasterKeys masters)
{
    private const string Select = """
        select coalesce((select now() - e.timestamp > interval '5 minutes' from ledger.mt_events e
                         where e.seq_id = (select coalesce(max(size), 0) + 1 from ledger.log_checkpoints)), false),
               array(select master_key_id from ledger.sealed_keys union select master_key_id from ledger.credentials)
        """;

    public async Task<IReadOnlyList<ReadyCheck>> CheckAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        await using var row = await select.ExecuteReaderAsync(ct);
        await row.ReadAsync(ct);
        return
        [
            row.GetBoolean(0)
                ? new ReadyCheck("checkpoint", Readiness.Degraded, "Events of the last five minutes are under no signed head; the log of this process says why.")
                : new ReadyCheck("checkpoint", Readiness.Ready, null),
            Opens(row.GetFieldValue<string[]>(1))
                ? new ReadyCheck("keys", Readiness.Ready, null)
                : new ReadyCheck(
                    "keys", Readiness.Degraded,
                    "Something is sealed under a master key that this host does not have: nothing is collected with it and webhooks wait. 'ledger doctor' on the host names the key."),
        ];
    }

    /// <summary>Without making a key where there is none.</summary>
    private bool Opens(string[] needed)
    {
        try
        {
            return needed.Length == 0 || (File.Exists(masters.File) && masters.All().Select(key => key.Id).ToHashSet().IsSupersetOf(needed));
        }
        catch (Exception failure) when (failure is KeyFileException or IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
