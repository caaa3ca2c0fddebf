using NodaTime;
using Npgsql;

namespace UsageLedger.Anomalies;

/// <summary>Reads what is not over yet of a tenant.</summary>
internal static class OpenAnomalies
{
    private const string Select = """
        select id, client_id, source_id, provider, metric, agent_id, unit, currency, kind, hour, is_quiet
        from anomalies where tenant_id = $1 and resolved_hour is null
        """;

    public static async Task<IReadOnlyList<OpenAnomaly>> OfAsync(NpgsqlConnection connection, string tenant, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = tenant } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var open = new List<OpenAnomaly>();
        while (await reader.ReadAsync(ct))
        {
            var line = new AnomalyLine(Text(reader, 1), Text(reader, 2), Text(reader, 3), Text(reader, 4), Text(reader, 5), Text(reader, 6), Text(reader, 7));
            open.Add(new OpenAnomaly(reader.GetGuid(0), line, reader.GetString(8), Instant.FromDateTimeUtc(reader.GetDateTime(9)), reader.GetBoolean(10)));
        }

        return open;
    }

    private static string? Text(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : reader.GetString(at);
}
