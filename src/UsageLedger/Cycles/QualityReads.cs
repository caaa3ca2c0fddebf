using NpgsqlTypes;
using UsageLedger.Coverage;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Recording;
using UsageLedger.Reporting;

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

    public static async Task<CycleQuality> AddAsync(
        ReadSnapshot snapshot, string tenant, string clientId, Cycle cycle, CycleQuality quality, CancellationToken ct)
    {
        var coverage = await CoverageReads.OfCycleAsync(snapshot.Connection, tenant, clientId, cycle.Start, cycle.End, ct);
        return quality with
        {
            Duplicates = await DuplicatesAsync(snapshot, tenant, clientId, cycle, ct),
            Unattributed = await CloseFiguresRead.UnattributedAsync(snapshot.Connection, tenant, clientId, cycle, ct),
            Coverage = coverage is { } share ? ExactDecimal.ToText(share) : null,
        };
    }

    private static async Task<long> DuplicatesAsync(ReadSnapshot snapshot, string tenant, string clientId, Cycle cycle, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            SelectDuplicates, new() { Value = tenant }, new() { Value = clientId },
            new() { Value = cycle.Start.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
            new() { Value = cycle.End.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }
}
