using Npgsql;

namespace UsageLedger.EventLog;

/// <summary>What a failure tells of the database. Whoever asks one of these two questions gets the same answer everywhere.</summary>
public static class DatabaseFailure
{
    /// <summary>Whether asking the database failed, whatever it said: enough for who tries again anyhow, and must not end of it.</summary>
    public static bool Is(Exception failure) => failure is NpgsqlException or IOException or TimeoutException;

    /// <summary>
    /// Whether the database is away: the connection, the server or its resources failed (SQLSTATE classes 08, 40, 53, 55, 57 and 58). A statement
    /// that the server refused says something of what was asked, and would fail again.
    /// </summary>
    public static bool IsAway(Exception failure) => failure switch
    {
        PostgresException { SqlState: [var first, var second, ..] } => (first, second) is ('0', '8') or ('4', '0') or ('5', '3' or '5' or '7' or '8'),
        PostgresException => false,
        NpgsqlException => true,
        _ => false,
    };
}
