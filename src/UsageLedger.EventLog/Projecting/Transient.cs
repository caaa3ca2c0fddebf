using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Failures that say nothing about the events: the connection, the server, its resources, or our own stopping.</summary>
internal static class Transient
{
    public static bool Is(Exception failure) => failure switch
    {
        OperationCanceledException => true,
        PostgresException state => state.SqlState is [('0' or '4' or '5'), ..] && state.SqlState[..2] is "08" or "40" or "53" or "55" or "57" or "58",
        NpgsqlException or IOException or TimeoutException => true,
        _ => false,
    };
}
