using Npgsql;
using UsageLedger.Coverage;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Cycles;

/// <summary>Adds to a cycle's quality what its own lines do not tell.</summary>
internal static class QualityReads
{
    /// <summary>Runs tell repeats by UTC days; a day belongs to the cycle that has its noon, so that each counts once in any time zone.</summary>
    private const string SelectDuplicates = """
        select coalesce(sum(c.duplicates), 0)::bigint from read.captured_clients c
        where c.tenant_id = $1 and c.client_id = $2
          and c.day between ($3::timestamptz at time zone 'UTC')::date - 1 and ($4::timestamptz at time zone 'UTC')::date + 1
          and (c.day + time '12:00') at time zone 'UTC' >= $3 and (c.day + time '12:00') at time zone 'UTC' < $4
        """;

    /// <summary>Puts what <see cref="TakeAsync"/> takes into a batch.</summary>
    public static void Ask(NpgsqlBatchCommandCollection batch, string tenant, string clientId, Cycle cycle)
    {
        batch.Add(new(SelectDuplicates)
        {
            Parameters = { new() { Value = tenant }, new() { Value = clientId }, Columns.Of(cycle.Start), Columns.Of(cycle.End) },
        });
        batch.Add(CloseFiguresRead.AskUnattributed(tenant, clientId, cycle));
        CoverageReads.Ask(batch, tenant, clientId, cycle.Start, cycle.End);
    }

    public static async Task<CycleQuality> TakeAsync(NpgsqlDataReader reader, Cycle cycle, CycleQuality quality, CancellationToken ct)
    {
        var duplicates = await CountAsync(reader, ct);
        var unattributed = await CountAsync(reader, ct);
        var coverage = await CoverageReads.TakeAsync(reader, cycle.Start, cycle.End, ct);
        return quality with { Duplicates = duplicates, Unattributed = unattributed, Coverage = coverage is { } share ? ExactDecimal.ToText(share) : null };
    }

    private static async Task<long> CountAsync(NpgsqlDataReader reader, CancellationToken ct)
    {
        await reader.ReadAsync(ct);
        var count = reader.GetInt64(0);
        await reader.NextResultAsync(ct);
        return count;
    }
}
