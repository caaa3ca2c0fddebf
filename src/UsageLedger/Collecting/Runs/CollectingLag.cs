using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Collecting.Runs;

/// <summary>How late a source is.</summary>
/// <param name="Cursor">Up to here it has been collected without a gap.</param>
/// <param name="PollingLagSeconds">Since when a run is due that has not completed; 0: none is.</param>
/// <param name="WebhookLagSeconds">Since when a webhook, or fetch that followed from one, is due that is not done; 0: none is.</param>
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

    /// <summary>Vendors tell costs within a day; after another it is an alarm.</summary>
    public static readonly Duration PendingMax = Duration.FromDays(2);

    /// <summary>A fetch that came of a webhook has its key, which holds no colon. One that waits for its next try is not due yet.</summary>
    private const string Select = """
        with waiting as (
            select tenant, source, min(received_at) filter (where is_run) as run_at,
                   min(next_attempt_at) filter (where kind = 'webhook' or (kind = 'fetch' and position(':' in key) = 0)) as webhook_at
            from ledger.inbox_items where ($1::text is null or tenant = $1) and status in ('queued', 'running', 'failed') group by 1, 2),
        pending as (
            select tenant_id, source, count(*) as usages, min(occurred_at) as oldest_at
            from read.pending_costs where $1::text is null or tenant_id = $1 group by 1, 2),
        cursors as (
            select tenant_id, source_id, cursor_at, last_completed_at from read.collection_cursors where $1::text is null or tenant_id = $1),
        named as (
            select tenant, source from waiting union select tenant_id, source from pending union select tenant_id, source_id from cursors)
        select n.tenant, n.source, c.cursor_at, c.last_completed_at, w.run_at, w.webhook_at, coalesce(p.usages, 0), p.oldest_at
        from named n
        left join waiting w on w.tenant = n.tenant and w.source = n.source
        left join pending p on p.tenant_id = n.tenant and p.source = n.source
        left join cursors c on c.tenant_id = n.tenant and c.source_id = n.source
        """;

    /// <summary>Each source of a tenant, by id.</summary>
    public async Task<IReadOnlyList<SourceLag>> OfAsync(string tenant, CancellationToken ct) =>
        [.. (await AllAsync(tenant, ct)).OrderBy(lag => lag.SourceId, StringComparer.Ordinal)];

    /// <summary>How many sources of all tenants have which alarm.</summary>
    public async Task<IReadOnlyDictionary<string, int>> AlarmsAsync(CancellationToken ct) =>
        (await AllAsync(null, ct)).SelectMany(lag => lag.Alarms).CountBy(alarm => alarm).ToDictionary();

    private async Task<IEnumerable<SourceLag>> AllAsync(string? tenant, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var facts = await FactsAsync(tenant, ct);
        return (await sources.LatestAsync(ct)).Where(source => tenant is null || source.Value.Tenant == tenant)
            .Select(source => LagRule.Of(source.Value, facts.GetValueOrDefault((source.Value.Tenant, source.Value.Id), LagFacts.None), source.Event.RecordedAt, now));
    }

    private async Task<Dictionary<(string Tenant, string SourceId), LagFacts>> FactsAsync(string? tenant, CancellationToken ct)
    {
        await using var select = database.CreateCommand(Select);
        select.Parameters.Add(Columns.Of(tenant));
        await using var reader = await select.ExecuteReaderAsync(ct);
        var facts = new Dictionary<(string, string), LagFacts>();
        while (await reader.ReadAsync(ct))
        {
            facts[(reader.GetString(0), reader.GetString(1))] = new LagFacts(
                reader.GetInstantOrNull(2), reader.GetInstantOrNull(3), reader.GetInstantOrNull(4), reader.GetInstantOrNull(5),
                reader.GetInt64(6), reader.GetInstantOrNull(7));
        }

        return facts;
    }
}
