using Npgsql;

namespace UsageLedger.Host.Embedded;

/// <summary>The ledger's role, no superuser, and the database it owns. Repeating it changes nothing, so a crash half way heals at the next start.</summary>
internal static class ClusterRoles
{
    private const string HandOverPassword = "select set_config('ledger.password', $1, false)";

    private const string EnsureOwner = """
        do $$
        begin
            if not exists (select from pg_roles where rolname = 'ledger') then
                create role ledger login createdb;
                grant pg_monitor, pg_checkpoint to ledger;
            end if;
            if not exists (select from pg_roles where rolname = 'ledger_auditor') then
                create role ledger_auditor nologin;
            end if;
            execute format('alter role ledger password %L', current_setting('ledger.password'));
        end
        $$
        """;

    private const string HasDatabase = "select exists (select from pg_database where datname = 'ledger')";

    private const string CreateDatabase = "create database ledger owner ledger";

    public static async Task EnsureAsync(NpgsqlConnection superuser, ClusterPasswords passwords, CancellationToken ct)
    {
        if (await IsThereAsync(superuser, ct))
            return;
        await using (var handOver = new NpgsqlCommand(HandOverPassword, superuser) { Parameters = { new() { Value = passwords.Owner } } })
            await handOver.ExecuteNonQueryAsync(ct);
        await using (var owner = new NpgsqlCommand(EnsureOwner, superuser))
            await owner.ExecuteNonQueryAsync(ct);
        await using var database = new NpgsqlCommand(CreateDatabase, superuser);
        await database.ExecuteNonQueryAsync(ct);
    }

    private static async Task<bool> IsThereAsync(NpgsqlConnection superuser, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(HasDatabase, superuser);
        return (bool)(await command.ExecuteScalarAsync(ct))!;
    }
}
