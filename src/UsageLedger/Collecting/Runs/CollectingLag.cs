using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Collecting.Runs;

/// <summary>How late a source is.</summary>
/// <param name="Cursor">Up to here it has been collected without a gap.</param>
/// <param name="PollingLagSeconds">Since when a run is due that has not completed; 0: none is.</param>
/// <param name="WebhookLagSeconds">How long the oldest webhook, or fetch that followed from one, has waited; 0: none does.</param>
/// <param name="PendingCosts">Usage whose cost is not known, and the oldest of it.</param>
/// <param name="Alarms">Which of these are beyond their bounds: <c>polling</c>, <c>webhooks</c>, <c>pending_costs</c>.</param>
public sealed record SourceLag(
    string SourceId, Instant? Cursor, Instant? LastCompletedAt, long PollingLagSeconds, long WebhookLagSeconds, long PendingCosts,
    Instant? OldestPendingAt, IReadOnlyList<string> Alarms);

/// <summary>Tells how late sources are.</summary>
public sealed class CollectingLag(NpgsqlDataSource database, SourceStore sources, IClock clock)
{
    public static readonly Duration PollingMax = Duration.FromMinutes(15);
    public static readonly Duration WebhooksMax = Duration.FromMinutes(5);

    /// <summary>Vendors fill in costs within a day; twice that is an alarm.</summary>
    public static readonly Duration PendingMax = Duration.FromDays(2);

    private const string Select = """
        select coalesce(w.source, p.source, c.source_id), c.cursor_at, c.last_completed_at, w.run_at, w.webhook_at, coalesce(p.usages, 0), p.oldest_at
        from (
            select source, min(received_at) filter (where is_run) as run_at, min(received_at) filter (where not is_run) as webhook_at
            from ledger.inbox_items where tenant = $1 and status in ('queued', 'running', 'failed') group by source) w
        full join (
            select source, count(*) as usages, min(occurred_at) as oldest_at from read.pending_costs where tenant_id = $1 group by source) p on p.source = w.source
        full join (
            select source_id, cursor_at, last_completed_at from read.collection_cursors where tenant_id = $1) c on c.source_id = coalesce(w.source, p.source)
        """;

    /// <summary>Each source of a tenant, by id.</summary>
    public async Task<IReadOnlyList<SourceLag>> OfAsync(string tenant, CancellationToken ct) =>
        await OfAsync(tenant, (await sources.AllAsync(ct)).Where(source => source.Tenant == tenant), ct);

    /// <summary>How many sources of all tenants have which alarm.</summary>
    public async Task<IReadOnlyDictionary<string, int>> AlarmsAsync(CancellationToken ct)
    {
        var alarms = new List<string>();
        foreach (var tenant in (await sources.AllAsync(ct)).GroupBy(source => source.Tenant))
        {
            alarms.AddRange((await OfAsync(tenant.Key, tenant, ct)).SelectMany(lag => lag.Alarms));
        }

        return alarms.CountBy(alarm => alarm).ToDictionary();
    }

    private async Task<IReadOnlyList<SourceLag>> OfAsync(string tenant, IEnumerable<Source> all, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var known = await RowsAsync(tenant, ct);
        return [.. all.Select(source => LagRule.Of(source, known.GetValueOrDefault(source.Id, LagFacts.None), now)).OrderBy(lag => lag.SourceId, StringComparer.Ordinal)];
    }

    private async Task<Dictionary<string, LagFacts>> RowsAsync(string tenant, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(new() { Value = tenant });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new Dictionary<string, LagFacts>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            rows[reader.GetString(0)] = new LagFacts(
                Time(reader, 1), Time(reader, 2), Time(reader, 3), Time(reader, 4), reader.GetInt64(5), Time(reader, 6));
        }

        return rows;
    }

    private static Instant? Time(NpgsqlDataReader reader, int at) => reader.IsDBNull(at) ? null : Instant.FromDateTimeUtc(reader.GetDateTime(at));
}
