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
            var line = new AnomalyLine(
                reader.GetStringOrNull(1), reader.GetStringOrNull(2), reader.GetStringOrNull(3), reader.GetStringOrNull(4), reader.GetStringOrNull(5),
                reader.GetStringOrNull(6), reader.GetStringOrNull(7));
            open.Add(new OpenAnomaly(reader.GetGuid(0), line, reader.GetString(8), reader.GetInstant(9), reader.GetBoolean(10)));
        }

        return open;
    }
}
