using System.Runtime.CompilerServices;
using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Reads the rows of one cycle in ordinal order. What was voided or moved away whole left nothing but counts, and is no row here.</summary>
internal static class CycleRows
{
    private const string Select = """
        select a.provider, a.metric, a.agent_id, a.unit, a.currency, a.origin_start,
               trim_scale(a.quantity)::text, trim_scale(a.cost)::text, a.records, a.revised, a.voided, a.pending, a.first_at, a.last_at,
               greatest(coalesce(cardinality(a.prices), 0) - 1, 0)
        from read.cycle_aggregates a
        where a.tenant_id = $1 and a.client_id = $2 and a.cycle_start = $3
          and (a.records <> 0 or a.pending <> 0 or a.quantity <> 0 or a.cost <> 0)
        """;

    private const string SelectPage = Select + """

          and (coalesce(a.origin_start, '-infinity'), a.provider collate "C", a.metric collate "C", coalesce(a.agent_id, '') collate "C",
               a.unit collate "C", a.currency collate "C") > ($4, $5, $6, $7, $8, $9)
        order by coalesce(a.origin_start, '-infinity'), a.provider collate "C", a.metric collate "C", coalesce(a.agent_id, '') collate "C",
                 a.unit collate "C", a.currency collate "C"
        limit $10
        """;

    private const string SelectAll = Select + """

        order by a.origin_start nulls last, a.provider collate "C", a.metric collate "C", coalesce(a.agent_id, '') collate "C",
                 a.unit collate "C", a.currency collate "C"
        """;

    /// <summary>For the rows after a place, at most so many.</summary>
    public static NpgsqlBatchCommand AskPage(string tenant, string clientId, Instant start, CyclePlace? after, int limit) => new(SelectPage)
    {
        Parameters =
        {
            new() { Value = tenant }, new() { Value = clientId }, Time(start), Time(after?.Origin),
            Text(after?.Provider), Text(after?.Metric), Text(after?.AgentId), Text(after?.Unit), Text(after?.Currency), new() { Value = limit },
        },
    };

    public static async Task<List<CycleRow>> TakeAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        var rows = new List<CycleRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(CycleRow.Read(reader));
        }

        return rows;
    }

    /// <summary>Every row, one at a time, in the order of <see cref="LinesHash"/>: adjustments first.</summary>
    public static async IAsyncEnumerable<CycleRow> AllAsync(
        ReadSnapshot snapshot, string tenant, string clientId, Instant start, [EnumeratorCancellation] CancellationToken ct)
    {
        await using var select = snapshot.Command(SelectAll, new() { Value = tenant }, new() { Value = clientId }, Time(start));
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            yield return CycleRow.Read(reader);
        }
    }

    /// <summary>No instant is before all; Npgsql writes DateTime's own beginning as PostgreSQL's.</summary>
    private static NpgsqlParameter Time(Instant? instant) =>
        new() { Value = instant?.ToDateTimeUtc() ?? DateTime.MinValue, NpgsqlDbType = NpgsqlDbType.TimestampTz };

    private static NpgsqlParameter Text(string? text) => new() { Value = text ?? "", NpgsqlDbType = NpgsqlDbType.Text };
}
