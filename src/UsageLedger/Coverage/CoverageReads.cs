using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Coverage;

/// <summary>
/// Tells other slices how much of what was expected has been collected: the share, 0 to 1, of the expected hours that are covered, of the sources
/// that feed a client, up to the last event that the read models hold. It follows from the log alone. Null while no source does, or nothing is
/// expected yet.
/// </summary>
public static class CoverageReads
{
    /// <summary>
    /// The sources that feed a client, a row each, with their days: a source feeds it that it had usage of in the cycle, or shortly before it. The days stand
    /// in columns of arrays, null where there are none, so that a source is read whole.
    /// </summary>
    private const string SelectSources = """
        select s.source_id, s.provider, s.since_at, (
                select e.timestamp from ledger.projections p join ledger.mt_events e on e.seq_id = p.position where p.name = 'captured_usage'),
            d.days, d.held, d.held_to_end, d.counted, d.lacking, d.missing, d.as_of
        from read.captured_sources s
        cross join lateral (
            select array_agg(d.day) as days, array_agg(d.held) as held, array_agg(d.held_to_end) as held_to_end, array_agg(d.counted) as counted,
                array_agg(d.lacking) as lacking, array_agg(d.missing) as missing, array_agg(d.as_of) as as_of
            from read.coverage_days d
            where d.tenant_id = $1 and d.source_id = s.source_id
              and d.day >= ($3::timestamptz at time zone 'UTC')::date and d.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date) d
        where s.tenant_id = $1 and (
            select true from read.captured_clients c
            where c.tenant_id = $1 and c.client_id = $2 and c.source = s.source_id and c.records > 0
              and c.day >= ($3::timestamptz at time zone 'UTC')::date - 35 and c.day <= ($4::timestamptz at time zone 'UTC')::date
            limit 1)
        """;

    public static async Task<decimal?> OfCycleAsync(
        NpgsqlConnection connection, string tenant, string clientId, Instant start, Instant end, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Ask(batch.BatchCommands, tenant, clientId, start, end);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await TakeAsync(reader, start, end, ct);
    }

    /// <summary>Puts what <see cref="TakeAsync"/> takes into a batch.</summary>
    internal static void Ask(NpgsqlBatchCommandCollection batch, string tenant, string clientId, Instant start, Instant end) =>
        batch.Add(new(SelectSources) { Parameters = { new() { Value = tenant }, new() { Value = clientId }, Columns.Of(start), Columns.Of(end) } });

    /// <summary>Leaves the reader behind what was asked.</summary>
    internal static async Task<decimal?> TakeAsync(NpgsqlDataReader reader, Instant start, Instant end, CancellationToken ct)
    {
        var (expected, covered) = (0L, 0L);
        while (await reader.ReadAsync(ct))
        {
            var source = new CoveredSource(reader.GetString(0), reader.GetString(1), reader.GetInstant(2));
            var days = reader.IsDBNull(4) ? [] : Days(reader);
            var own = new CoveredDays(source.Since, source.ListsRecords(ProviderCatalogue.Whole), days).Within(start, end, reader.GetInstant(3));
            (expected, covered) = (expected + own.Expected, covered + own.Covered);
        }

        await reader.NextResultAsync(ct);
        return Ratio.Of(covered, expected);
    }

    private static Dictionary<LocalDate, DayKnown> Days(NpgsqlDataReader reader)
    {
        var (held, toEnd, counted, lacking) = (Hours(5), Hours(6), Hours(7), Hours(8));
        var (missing, asOf) = (reader.GetFieldValue<long?[]>(9), reader.GetFieldValue<DateTime?[]>(10));
        return reader.GetFieldValue<DateOnly[]>(4).Select((day, i) => KeyValuePair.Create(
                LocalDate.FromDateOnly(day),
                new DayKnown(held[i], toEnd[i], counted[i], lacking[i], missing[i], asOf[i] is { } asked ? Instant.FromDateTimeUtc(asked) : null)))
            .ToDictionary();

        int[] Hours(int column) => reader.GetFieldValue<int[]>(column);
    }
}
