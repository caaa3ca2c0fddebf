using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Explaining;

/// <summary>Reads what the log says about many usages at once, up to a position.</summary>
internal sealed class UsageHistories(NpgsqlDataSource database, string tenant, long position)
{
    private const string SelectFirst = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text, e.id
        from ledger.mt_events e
        where e.id = any($1) and e.tenant_id = $2 and e.seq_id <= $3
        """;

    private const string SelectAbout = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text, s.subject
        from ledger.log_subjects s
        join ledger.mt_events e on e.seq_id = s.seq_id
        where s.subject = any($1) and e.tenant_id = $2 and s.seq_id <= $3
        order by s.seq_id
        """;

    /// <param name="known">First events that are there already.</param>
    /// <returns>Per usage, its first event before the others.</returns>
    public async Task<Dictionary<Guid, List<StoredEvent>>> LoadAsync(
        IReadOnlyCollection<Guid> usages, IReadOnlyDictionary<Guid, StoredEvent> known, CancellationToken ct)
    {
        var histories = usages.ToDictionary(usage => usage, usage => known.TryGetValue(usage, out var first) ? [first] : new List<StoredEvent>());
        await AddAsync(SelectFirst, [.. usages.Where(usage => !known.ContainsKey(usage))], histories, ct);
        await AddAsync(SelectAbout, [.. usages], histories, ct);
        return histories;
    }

    private async Task AddAsync(string sql, Guid[] usages, Dictionary<Guid, List<StoredEvent>> histories, CancellationToken ct)
    {
        if (usages.Length == 0)
        {
            return;
        }

        await using var select = database.CreateCommand(sql);
        select.Parameters.Add(new() { Value = usages });
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = position });
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            histories[reader.GetGuid(EventRow.Width)].Add(EventRow.Read(reader, 0));
        }
    }
}
