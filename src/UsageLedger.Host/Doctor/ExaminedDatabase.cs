using Npgsql;
using UsageLedger.Host.Embedded;

namespace UsageLedger.Host.Doctor;

/// <summary>The ledger's database as it is found: nothing is started, and its sessions can change nothing.</summary>
/// <remarks>They are forbidden to once they are open, so that <c>pg_settings.reset_val</c> tells what a session of the ledger is given.</remarks>
internal static class ExaminedDatabase
{
    private const int ConnectMaxSeconds = 5;
    private const string Session = "-c statement_timeout=10000 -c timezone=UTC -c jit=off";
    private const string ReadOnly = "set default_transaction_read_only = on";

    /// <summary>Null, with the reason, when there is nothing to connect to.</summary>
    public static async Task<(NpgsqlDataSource? Source, Diagnosis? Missing)> FindAsync(LedgerSettings settings, CancellationToken ct)
    {
        if (settings.ConnectionString is { } configured)
        {
            return (Open(configured), null);
        }

        var home = new ClusterHome(Path.GetFullPath(settings.DataDir));
        if (home.DataMajor is null)
        {
            return (null, Diagnosis.Worry(
                "database", $"There is no database yet in {home.DataDir}.", "Start the ledger with 'ledger serve', or set ConnectionStrings__Ledger or Ledger__DataDir."));
        }

        return !OperatingSystem.IsWindows() && PostmasterPid.Read(home.PidFile) is { Port: > 0 } running
            && await PostmasterProcess.StateAsync(running, ct) == PostmasterState.Alive && ClusterPasswords.Read(home.Passwords) is { } passwords
            ? (Open(ServerConnection.ForOwner(running.Port, passwords)), null)
            : (null, Diagnosis.Bad(
                "database", $"The embedded PostgreSQL in {home.DataDir} is not running.", $"Start the ledger with 'ledger serve'; if it does not start, {home.Log} says why."));
    }

    /// <summary>The first column of all rows.</summary>
    public static async Task<List<string>> TextsAsync(NpgsqlDataSource database, string sql, CancellationToken ct)
    {
        await using var select = database.CreateCommand(sql);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var texts = new List<string>();
        while (await reader.ReadAsync(ct))
        {
            texts.Add(reader.GetString(0));
        }

        return texts;
    }

    private static NpgsqlDataSource Open(string connectionString)
    {
        var named = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "ledger doctor", Options = Session, Timeout = ConnectMaxSeconds, MaxPoolSize = 4, NoResetOnClose = true, IncludeErrorDetail = false,
        };
        return new NpgsqlDataSourceBuilder(named.ConnectionString).UsePhysicalConnectionInitializer(Forbid, ForbidAsync).Build();
    }

    private static void Forbid(NpgsqlConnection connection)
    {
        using var set = new NpgsqlCommand(ReadOnly, connection);
        set.ExecuteNonQuery();
    }

    private static async Task ForbidAsync(NpgsqlConnection connection)
    {
        await using var set = new NpgsqlCommand(ReadOnly, connection);
        await set.ExecuteNonQueryAsync();
    }
}
