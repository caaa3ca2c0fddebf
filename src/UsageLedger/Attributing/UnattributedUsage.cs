using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Attributing;

/// <summary>Usage that no client has claimed; the goal is that there is none.</summary>
public sealed class UnattributedUsage : IProjection
{
    public const string ProjectionName = "unattributed_usage";

    /// <summary>The name of a stream tells whether its usage is attributed, without looking into the events.</summary>
    private const string Advance = """
        insert into unattributed_usage as t (
            tenant_id, source, provider, metric, key, currency, line, records, pending, cost, first_seen, last_seen)
        select d.tenant_id, d.source, d.provider, d.metric, d.key, d.currency,
               ledger.usage_line(d.source, d.provider, d.metric, d.key, d.currency),
               sum(d.sign), sum(d.pending), coalesce(sum(d.cost), 0), min(d.occurred_at), max(d.occurred_at)
        from (
            select e.tenant_id, e.data ->> 'source' as source, e.data ->> 'provider' as provider, e.data ->> 'metric' as metric,
                   ledger.mapping_key(e.data -> 'attributes') as key, e.data ->> 'currency' as currency, 1 as sign,
                   (not e.data ? 'cost')::integer as pending, (e.data ->> 'cost')::numeric as cost, (e.data ->> 'occurredAt')::timestamptz as occurred_at
            from ledger.mt_events e
            where e.seq_id > $1 and e.seq_id <= $2 and e.type = 'usage_recorded' and e.stream_id like 'unattributed-%'
            union all
            select e.tenant_id, s.state ->> 'source', s.state ->> 'provider', s.state ->> 'metric',
                   ledger.mapping_key(s.state -> 'attributes'), s.state ->> 'currency', s.sign,
                   s.sign * (not s.state ? 'cost')::integer, s.sign * (s.state ->> 'cost')::numeric, (s.state ->> 'occurredAt')::timestamptz
            from ledger.log_subjects l
            join ledger.mt_events e on e.seq_id = l.seq_id
            cross join lateral (values (-1, e.data -> 'previous'), (1, e.data -> 'current')) as s (sign, state)
            where l.seq_id > $1 and l.seq_id <= $2 and e.type in ('usage_revised', 'usage_voided', 'usage_attributed')
              and e.stream_id like 'unattributed-%' and not s.state ? 'clientId' and e.stream_id = 'unattributed-' || (s.state ->> 'source')) d
        group by 1, 2, 3, 4, 5, 6
        on conflict (tenant_id, line) do update
        set records = t.records + excluded.records, pending = t.pending + excluded.pending, cost = t.cost + excluded.cost,
            first_seen = least(t.first_seen, excluded.first_seen), last_seen = greatest(t.last_seen, excluded.last_seen)
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["unattributed_usage"];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
}
