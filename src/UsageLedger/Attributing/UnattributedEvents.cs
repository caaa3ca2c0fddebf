using Npgsql;
using UsageLedger.EventLog.Reading;
using UsageLedger.Recording;

namespace UsageLedger.Attributing;

/// <summary>Reads from a stream of unattributed usage what a mapping might claim.</summary>
internal static class UnattributedEvents
{
    /// <summary>Only those with an attribute that any mapping asks for; which of them the usage is now is decided under the log's lock.</summary>
    private const string Select = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3 and e.version <= $4
          and e.type in ('usage_recorded', 'usage_revised')
          and (case e.type when 'usage_recorded' then e.data else e.data -> 'current' end) -> 'attributes' ?| $5
        order by e.version
        """;

    /// <summary>The usages named in these versions that were unattributed then and that a mapping claims, each once.</summary>
    public static async Task<IReadOnlyCollection<Guid>> ClaimedAsync(
        NpgsqlDataSource database, string tenant, string stream, long after, long upTo, TenantMappings mappings, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = stream });
        select.Parameters.Add(new() { Value = after });
        select.Parameters.Add(new() { Value = upTo });
        select.Parameters.Add(new() { Value = mappings.Attributes.ToArray() });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var claimed = new HashSet<Guid>();
        while (await reader.ReadAsync(ct))
        {
            var record = UsageRecordJson.Read(UsageState.After(EventRow.Read(reader, 0)).Record);
            if (mappings.ClaimOf(record) is not null)
            {
                claimed.Add(record.Key(tenant).Id);
            }
        }

        return claimed;
    }
}
