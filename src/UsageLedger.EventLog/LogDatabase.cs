using Npgsql;

namespace UsageLedger.EventLog;

/// <summary>Opens the ledger's database with the settings that its promises need.</summary>
public static class LogDatabase
{
    private const int PreparedStatementsMax = 100;
    private const int ConnectionsMax = 80;
    private const int SilentSeconds = 10;
    private const int AskEverySeconds = 5;

    /// <summary>A host that is cut off without a word is missed within half a minute, and what its sessions held is free again.</summary>
    private const string SessionSettings =
        "-c synchronous_commit=on -c timezone=UTC -c jit=off -c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 -c tcp_user_timeout=30000";

    /// <summary>A pool whose sessions speak UTC, prepare what they repeat, and acknowledge only what is on disk.</summary>
    /// <param name="applicationName">What the sessions are called, unless the connection string has a name for them.</param>
    public static NpgsqlDataSource Open(string connectionString, string applicationName)
    {
        var named = new NpgsqlConnectionStringBuilder(connectionString).ApplicationName ?? applicationName;
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = named,
            MaxAutoPrepare = PreparedStatementsMax,
            AutoPrepareMinUsages = 2,
            Options = SessionSettings,
            IncludeErrorDetail = false,
        };
        if (IsByTcp(settings) && !settings.ShouldSerialize("Tcp Keepalive Time"))
        {
            // The same from this side: some statements may take as long as they need, and would wait for a server that has gone for ever.
            (settings.TcpKeepAliveTime, settings.TcpKeepAliveInterval) = (SilentSeconds, AskEverySeconds);
        }

        // ContainsKey says whether there is such a setting at all.
        if (!settings.ShouldSerialize("Maximum Pool Size"))
        {
            settings.MaxPoolSize = ConnectionsMax;
        }

        return NpgsqlDataSource.Create(settings.ConnectionString);
    }

    /// <summary>A socket in the file system has a path, or @ and a name; it knows nothing of keep-alives, and would refuse them.</summary>
    private static bool IsByTcp(NpgsqlConnectionStringBuilder settings) => settings.Host is not ['/' or '@', ..];
}
