using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Collecting.Runs;

/// <summary>What was told item by item where a vendor's totals tell whether that was all: of OpenRouter, by day, key, model and metric.</summary>
public sealed class CapturedUsage : IProjection
{
    public const string ProjectionName = "captured_usage";

    /// <summary>Only what the collector told, by its keys. A void takes nothing: what somebody took out on purpose is not missing, and must not come back as a remainder.</summary>
    private const string Advance = """
        insert into captured_usage as t (
            tenant_id, source, day, api_key, resource_id, metric, currency, remainder, line, quantity, cost, byok_cost, records, pending)
        select d.tenant_id, d.source, d.day, d.api_key, d.resource_id, d.metric, d.currency, d.remainder,
               ledger.usage_line(d.api_key, d.resource_id, d.metric, d.currency, d.remainder),
               sum(d.sign * d.quantity), coalesce(sum(d.sign * d.cost), 0), sum(d.sign * d.byok_cost), sum(d.sign), sum(d.sign * d.pending)
        from (
            select u.tenant_id, u.sign, u.state ->> 'source' as source, ((u.state ->> 'occurredAt')::timestamptz at time zone 'UTC')::date as day,
                   u.state -> 'attributes' ->> 'mapping.apikey' as api_key, u.state ->> 'resourceId' as resource_id, u.state ->> 'metric' as metric,
                   u.state ->> 'currency' as currency,
                   case when u.state -> 'attributes' ? 'remainder' then u.state ->> 'idempotencyKey' end as remainder,
                   (u.state ->> 'quantity')::numeric as quantity, (u.state ->> 'cost')::numeric as cost,
                   ledger.told_amount(u.state -> 'attributes' ->> 'byokCost') as byok_cost, (not u.state ? 'cost')::integer as pending
            from (
                select e.tenant_id, 1 as sign, e.data as state
                from ledger.mt_events e
                where e.seq_id > $1 and e.seq_id <= $2 and e.type = 'usage_recorded'
                  and e.data ->> 'idempotencyKey' ~ '^(generation|activity):' and e.data ->> 'provider' = 'openrouter'
                union all
                select e.tenant_id, s.sign, s.state
                from ledger.log_subjects l
                join ledger.mt_events e on e.seq_id = l.seq_id
                cross join lateral (values (-1, e.data -> 'previous'), (1, e.data -> 'current')) as s (sign, state)
                where l.seq_id > $1 and l.seq_id <= $2 and e.type in ('usage_revised', 'usage_attributed') and s.state ->> 'provider' = 'openrouter'
                  and s.state ->> 'idempotencyKey' ~ '^(generation|activity):'
                  and e.stream_id = coalesce('client-' || (s.state ->> 'clientId'), 'unattributed-' || (s.state ->> 'source'))) u) d
        group by 1, 2, 3, 4, 5, 6, 7, 8
        on conflict (tenant_id, source, day, line) do update
        set quantity = t.quantity + excluded.quantity, cost = t.cost + excluded.cost, byok_cost = t.byok_cost + excluded.byok_cost,
            records = t.records + excluded.records, pending = t.pending + excluded.pending
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["captured_usage"];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
}
