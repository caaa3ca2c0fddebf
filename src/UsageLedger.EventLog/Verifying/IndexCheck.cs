using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>The ledger's own lists of positions, by type and by subject, name just the events that they should.</summary>
internal static class IndexCheck
{
    private const string SelectTypes = """
        select coalesce(e.seq_id, t.seq_id), 'the list of types does not agree with the event'
        from (select seq_id, type from ledger.mt_events where type <> all($1) and seq_id <= $2) e
        full join (select seq_id, type from ledger.log_types where seq_id <= $2) t on t.seq_id = e.seq_id and t.type = e.type
        where e.seq_id is null or t.seq_id is null
        order by 1 limit 1000
        """;

    private const string SelectSubjects = """
        select coalesce(e.seq_id, s.seq_id), 'the list of corrections does not agree with the event'
        from (select seq_id from ledger.mt_events where type = any($1) and seq_id <= $2) e
        full join (
            select s.seq_id from ledger.log_subjects s
            join ledger.mt_events about on about.id = s.subject
            where s.seq_id <= $2) s on s.seq_id = e.seq_id
        where e.seq_id is null or s.seq_id is null
        order by 1 limit 1000
        """;

    public static async Task CheckAsync(NpgsqlConnection connection, VerifyOptions options, long head, DamageReport report, CancellationToken ct)
    {
        await CheckAsync(connection, SelectTypes, options.BulkTypes, head, report, ct);
        await CheckAsync(connection, SelectSubjects, options.SubjectTypes, head, report, ct);
    }

    private static async Task CheckAsync(
        NpgsqlConnection connection, string sql, IReadOnlySet<string> types, long head, DamageReport report, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = types.ToArray() }, new() { Value = head } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            report.Add(reader.GetInt64(0), DamageKind.IndexChanged, reader.GetString(1));
        }
    }
}
