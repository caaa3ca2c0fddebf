using Npgsql;
using UsageLedger.Coverage;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;

namespace UsageLedger.Cycles;

/// <summary>Adds to a cycle's quality what its own lines do not tell.</summary>
internal static class QualityReads
{
    /// <summary>
    /// Runs tell repeats by UTC days; a day belongs to the cycle that has its noon, so that each counts once in any time zone. The first such day, and the
    /// first that is not, are the first midnights not before half a day before the cycle's bounds.
    /// </summary>
    private const string SelectDuplicates = """
        select coalesce(sum(c.duplicates), 0)::bigint from read.captured_clients c
        where c.tenant_id = $1 and c.client_id = $2
          and c.day >= (($3::timestamptz at time zone 'UTC') + interval '12 hours' - interval '1 microsecond')::date
          and c.day < (($4::timestamptz at time zone 'UTC') + interval '12 hours' - interval '1 microsecond')::date
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
