using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Every stream's versions are dense from 1, and its row in mt_streams says how many there are.</summary>
/// <remarks>Remembers one number for each stream.</remarks>
internal sealed class StreamCheck(DamageReport report)
{
    private const string Select = "select tenant_id, id, version, is_archived is false from ledger.mt_streams";

    private readonly Dictionary<(string Tenant, string Stream), (long Version, long Position)> versions = [];

    public void Took(LogRows row)
    {
        var key = (row.Tenant, row.Stream);
        var last = versions.GetValueOrDefault(key);
        if (row.Version != last.Version + 1)
        {
            report.Add(row.Position, DamageKind.StreamChanged, $"version {row.Version} of stream {row.Stream} follows version {last.Version}");
        }

        versions[key] = (Math.Max(row.Version, last.Version), row.Position);
    }

    public async Task CheckAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using (var select = new NpgsqlCommand(Select, connection))
        await using (var reader = await select.ExecuteReaderAsync(ct))
        {
            while (await reader.ReadAsync(ct))
            {
                var key = (reader.GetString(0), reader.GetString(1));
                versions.Remove(key, out var counted);
                if (reader.IsDBNull(2) || reader.GetInt64(2) != counted.Version || !reader.GetBoolean(3))
                {
                    report.Add(counted.Position, DamageKind.StreamChanged, $"the row of stream {key.Item2} does not say version {counted.Version}");
                }
            }
        }

        foreach (var (key, counted) in versions)
        {
            report.Add(counted.Position, DamageKind.StreamChanged, $"stream {key.Stream} has events and no row");
        }
    }
}
