using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.Host.Health;

namespace UsageLedger.Host.Telemetry;

/// <summary>Reads what gauges tell.</summary>
internal sealed class StateReads(NpgsqlDataSource database, CollectingLag lag, Readiness readiness)
{
    private const string SelectHead = """
        select h.position,
               coalesce((select now() - e.timestamp from ledger.mt_events e where e.seq_id = c.size + 1), interval '0'),
               (select count(*) from read.pending_costs),
               (select coalesce(sum(records), 0)::bigint from read.unattributed_usage),
               coalesce((select now() - min(next_attempt_at) from ledger.inbox_items where status in ('queued', 'failed')), interval '0'),
               coalesce((select now() - min(received_at) from ledger.inbox_items where not is_run and (status = 'failed' or (status = 'running' and attempts > 1))), interval '0')
        from ledger.log_head h
        cross join (select coalesce(max(size), 0) as size from ledger.log_checkpoints) c
        """;

    private const string SelectProjections = """
        select p.name, h.position - p.position, coalesce(now() - e.timestamp, interval '0'), p.state = 'stopped'
        from ledger.projections p
        cross join ledger.log_head h
        left join ledger.mt_events e on e.seq_id = p.position + 1
        order by p.name
        """;

    private const string SelectInbox = """
        select s.status, (select count(*) from ledger.inbox_items i where i.status = s.status)
        from unnest(array['queued', 'running', 'failed', 'dead', 'quarantined']) as s (status)
        """;

    private const string SelectAnomalies = """
        select k.kind, count(a.id)
        from unnest(array['spike', 'drop', 'missing_data', 'price_drift', 'duplicate_storm', 'late_burst']) as k (kind)
        left join read.anomalies a on a.kind = k.kind and a.status = 'open'
        group by k.kind
        """;

    private static readonly string[] AllAlarms = ["polling", "webhooks", "pending_costs"];

    public Task<ReadyReport> HealthAsync(CancellationToken ct) => readiness.CheckAsync(ct);

    public async Task<LedgerState> ReadAsync(CancellationToken ct)
    {
        var projections = await ListAsync(SelectProjections, row => new ProjectionState(row.GetString(0), row.GetInt64(1), Age(row, 2), row.GetBoolean(3)), ct);
        var inbox = await ListAsync(SelectInbox, row => (Name: row.GetString(0), Count: row.GetInt64(1)), ct);
        var anomalies = await ListAsync(SelectAnomalies, row => (Name: row.GetString(0), Count: row.GetInt64(1)), ct);
        var late = await lag.AlarmsAsync(ct);
        var head = (await ListAsync(SelectHead, row => (Position: row.GetInt64(0), Signed: Age(row, 1), Pending: row.GetInt64(2), Unattributed: row.GetInt64(3), Waits: Age(row, 4), Fails: Age(row, 5)), ct))[0];
        return new LedgerState(
            head.Position, projections, inbox.ToDictionary(one => one.Name, one => one.Count), head.Waits, head.Fails, Alarms(late), head.Signed,
            anomalies.ToDictionary(one => one.Name, one => one.Count), head.Pending, head.Unattributed);
    }

    /// <summary>All of them, so that one which is over is seen to be.</summary>
    private static Dictionary<string, int> Alarms(IReadOnlyDictionary<string, int> late) =>
        AllAlarms.ToDictionary(alarm => alarm, alarm => late.GetValueOrDefault(alarm));

    private async Task<List<T>> ListAsync<T>(string sql, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        await using var command = database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        return rows;
    }

    private static TimeSpan Age(NpgsqlDataReader row, int at) => row.GetTimeSpan(at) is var age && age > TimeSpan.Zero ? age : TimeSpan.Zero;
}
