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

    private const string EnsureReader = """
        do $$
        begin
            if not exists (select from pg_roles where rolname = 'ledger_reader') then
                create role ledger_reader nologin;
                grant ledger_reader to ledger;
            end if;
        end
        $$
        """;

    private const string HasDatabase = "select exists (select from pg_database where datname = 'ledger')";

    private const string CreateDatabase = "create database ledger owner ledger";

    public static async Task EnsureAsync(NpgsqlConnection superuser, ClusterPasswords passwords, CancellationToken ct)
    {
        if (!await IsThereAsync(superuser, ct))
            await CreateAsync(superuser, passwords, ct);

        // A cluster of an earlier version has a database and no such role.
        await using var reader = new NpgsqlCommand(EnsureReader, superuser);
        await reader.ExecuteNonQueryAsync(ct);
    }

    private static async Task CreateAsync(NpgsqlConnection superuser, ClusterPasswords passwords, CancellationToken ct)
    {
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
