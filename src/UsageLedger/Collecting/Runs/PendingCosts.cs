using Npgsql;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Collecting.Runs;

/// <summary>Usage whose cost is not known yet, so that it can be asked for and its age seen.</summary>
public sealed class PendingCosts : IProjection
{
    public const string ProjectionName = "pending_costs";

    /// <summary>The last that a range says of each usage decides; a move between streams says the same in both.</summary>
    private const string Advance = """
        with told as (
            select e.tenant_id, e.id as usage, e.seq_id, e.data as state, true as counts
            from ledger.mt_events e
            where e.seq_id > $1 and e.seq_id <= $2 and e.type = 'usage_recorded' and not e.data ? 'cost'
            union all
            select e.tenant_id, s.subject, e.seq_id, coalesce(e.data -> 'current', e.data -> 'previous'), e.type <> 'usage_voided'
            from ledger.log_subjects s
            join ledger.mt_events e on e.seq_id = s.seq_id
            where s.seq_id > $1 and s.seq_id <= $2),
        last as materialized (
            select distinct on (usage) tenant_id, usage, state, counts and not state ? 'cost' as pending from told order by usage, seq_id desc),
        gone as (
            delete from pending_costs p using last l where p.usage = l.usage and not l.pending)
        insert into pending_costs (tenant_id, usage, source, idempotency_key, occurred_at)
        select tenant_id, usage, state ->> 'source', state ->> 'idempotencyKey', (state ->> 'occurredAt')::timestamptz
        from last where pending
        on conflict (usage) do update set occurred_at = excluded.occurred_at
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["pending_costs"];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, Advance, after, upTo, ct);
}
