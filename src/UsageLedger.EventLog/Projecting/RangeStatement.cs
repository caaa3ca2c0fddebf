using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>The one statement of a set-based projection.</summary>
public static class RangeStatement
{
    /// <summary>Runs it over the positions after $1 up to $2, for as long as it takes: a rebuild goes the same way.</summary>
    public static async Task RunAsync(NpgsqlConnection connection, string sql, long after, long upTo, CancellationToken ct)
    {
        await using var statement = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = after }, new() { Value = upTo } },
        };
        await statement.ExecuteNonQueryAsync(ct);
    }
}
