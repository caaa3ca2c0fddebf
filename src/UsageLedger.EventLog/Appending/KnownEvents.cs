using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Appending;

/// <summary>The duplicate check: what the log holds under these ids, at any age.</summary>
internal static class KnownEvents
{
    /// <summary>Each id is looked up by itself: joined, a log that has grown since it was last analysed would be read from end to end each time.</summary>
    private const string Select = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text,
               l.seq_id, l.id, l.tenant_id, l.stream_id, l.version, l.type, l.timestamp, l.correlation_id, l.data::text
        from unnest($1::uuid[]) as k (id)
        cross join lateral (select * from ledger.mt_events where id = k.id limit 1) e
        left join lateral (
            select s.seq_id from ledger.log_subjects s where s.subject = k.id order by s.seq_id desc limit 1) latest on true
        left join lateral (select * from ledger.mt_events where seq_id = latest.seq_id limit 1) l on true
        """;

    public static async Task LoadAsync(NpgsqlConnection connection, Guid[] ids, Dictionary<Guid, KnownEvent> known)
    {
        if (ids.Length == 0)
        {
            return;
        }

        await using var select = new NpgsqlCommand(Select, connection) { Parameters = { new() { Value = ids } } };
        await using var reader = await select.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            var first = EventRow.Read(reader, 0);
            known[first.Id] = new KnownEvent(first, reader.IsDBNull(EventRow.Width) ? null : EventRow.Read(reader, EventRow.Width));
        }
    }
}
