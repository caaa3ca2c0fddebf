using Npgsql;
using UsageLedger.Host.Embedded;

namespace UsageLedger.Host.Doctor;

/// <summary>The ledger's database as it is found: nothing is started, and its sessions can change nothing.</summary>
internal static class ExaminedDatabase
{
    private const int ConnectMaxSeconds = 5;
    private const string Session = "-c default_transaction_read_only=on -c statement_timeout=10000 -c timezone=UTC -c jit=off";

    /// <summary>Null, with the reason, when there is nothing to connect to.</summary>
    public static async Task<(NpgsqlDataSource? Source, Finding? Missing)> FindAsync(LedgerSettings settings, CancellationToken ct)
    {
        if (settings.ConnectionString is { } configured)
        {
            return (Open(configured), null);
        }

        var home = new ClusterHome(Path.GetFullPath(settings.DataDir));
        if (home.DataMajor is null)
        {
            return (null, Finding.Worry(
                "database", $"There is no database yet in {home.DataDir}.", "Start the ledger with 'ledger serve', or set ConnectionStrings__Ledger or Ledger__DataDir."));
        }

        return !OperatingSystem.IsWindows() && PostmasterPid.Read(home.PidFile) is { Port: > 0 } running
            && await PostmasterProcess.StateAsync(running, ct) == PostmasterState.Alive && ClusterPasswords.Read(home.Passwords) is { } passwords
            ? (Open(ServerConnection.ForOwner(running.Port, passwords)), null)
            : (null, Finding.Bad(
                "database", $"The embedded PostgreSQL in {home.DataDir} is not running.", $"Start the ledger with 'ledger serve'; if it does not start, {home.Log} says why."));
    }

    private static NpgsqlDataSource Open(string connectionString) => NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "ledger doctor", Options = Session, Timeout = ConnectMaxSeconds, MaxPoolSize = 4, IncludeErrorDetail = false,
    });
}
