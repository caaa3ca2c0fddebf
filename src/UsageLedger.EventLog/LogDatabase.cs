using Npgsql;

namespace UsageLedger.EventLog;

/// <summary>Opens the ledger's database with the settings that its promises need.</summary>
public static class LogDatabase
{
    private const int PreparedStatementsMax = 100;
    private const string SessionSettings = "-c synchronous_commit=on -c timezone=UTC -c jit=off";

    /// <summary>A pool whose sessions speak UTC, prepare what they repeat, and acknowledge only what is on disk.</summary>
    public static NpgsqlDataSource Open(string connectionString, string applicationName)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = applicationName,
            MaxAutoPrepare = PreparedStatementsMax,
            AutoPrepareMinUsages = 2,
            Options = SessionSettings,
            IncludeErrorDetail = false,
        };
        return NpgsqlDataSource.Create(settings.ConnectionString);
    }
}
