using NodaTime;
using Npgsql;

namespace UsageLedger.Anomalies;

/// <summary>What others ask of the anomalies of a client.</summary>
public static class AnomalyReads
{
    private const string CountOpen = """
        select count(*)::integer from read.anomalies
        where tenant_id = $1 and client_id = $2 and status = 'open' and resolved_hour is null and tstzrange(since, resolved_hour) && tstzrange($3, $4)
        """;

    /// <summary>How many of this time are still unusual and acknowledged by nobody.</summary>
    public static async Task<int> OpenAsync(
        NpgsqlConnection connection, string tenant, string clientId, Instant start, Instant end, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(CountOpen, connection)
        {
            Parameters =
            {
                new() { Value = tenant },
                new() { Value = clientId },
                Columns.Of(start),
                Columns.Of(end),
            },
        };
        return (int)(await select.ExecuteScalarAsync(ct))!;
    }
}
