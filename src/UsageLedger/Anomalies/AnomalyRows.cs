using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Anomalies;

/// <summary>The anomalies of every client and source, from their own few events.</summary>
public sealed class AnomalyRows : IProjection
{
    public const string ProjectionName = "anomalies";

    private const string Open = """
        insert into anomalies (
            tenant_id, id, kind, status, client_id, source_id, provider, metric, agent_id, unit, currency, since, hour, expected, came, is_quiet,
            sentence, as_of_position, opened_at)
        select $1, $2, d ->> 'kind', 'open', d ->> 'clientId', d ->> 'sourceId', d ->> 'provider', d ->> 'metric', d ->> 'agentId', d ->> 'unit',
               d ->> 'currency', (d ->> 'since')::timestamptz, (d ->> 'hour')::timestamptz, (d ->> 'expected')::numeric, (d ->> 'came')::numeric,
               (d ->> 'quiet')::boolean, d ->> 'sentence', (d ->> 'position')::bigint, $4
        from (select $3::jsonb as d) told
        """;

    private const string Resolve = """
        update anomalies a
        set status = 'resolved', resolved_hour = (d ->> 'hour')::timestamptz, resolved_at = $4, resolution = d ->> 'sentence'
        from (select $3::jsonb as d, $2::uuid as event) told
        where a.tenant_id = $1 and a.id = (d ->> 'anomalyId')::uuid
        """;

    private const string Acknowledge = """
        update anomalies a
        set status = case a.status when 'open' then 'acknowledged' else a.status end,
            acknowledged_at = $4, acknowledged_by = d ->> 'by', note = d ->> 'note'
        from (select $3::jsonb as d, $2::uuid as event) told
        where a.tenant_id = $1 and a.id = (d ->> 'anomalyId')::uuid
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["anomalies"];

    public IReadOnlyList<string> FoldedTypes { get; } = [EventTypes.AnomalyOpened, EventTypes.AnomalyResolved, EventTypes.AnomalyAcknowledged];

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) => Task.CompletedTask;

    public async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(StatementFor(stored.Type), connection)
        {
            Parameters =
            {
                new() { Value = stored.Tenant },
                new() { Value = stored.Id },
                new() { Value = stored.Data.ToString(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                Columns.Of(stored.RecordedAt),
            },
        };
        await command.ExecuteNonQueryAsync(ct);
    }

    private static string StatementFor(string type) => type switch
    {
        EventTypes.AnomalyOpened => Open,
        EventTypes.AnomalyResolved => Resolve,
        _ => Acknowledge,
    };
}
