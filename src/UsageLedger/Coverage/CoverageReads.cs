using NodaTime;
using Npgsql;
using NpgsqlTypes;
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
    /// The days of the sources that feed a client: a source feeds it that it had usage of in the cycle, or shortly before it. Of a source without days one
    /// row without a day.
    /// </summary>
    private const string SelectDays = """
        select s.source_id, s.provider, s.since_at, (
                select e.timestamp from ledger.projections p join ledger.mt_events e on e.seq_id = p.position where p.name = 'captured_usage'),
            d.day, d.held, d.held_to_end, d.counted, d.lacking, d.missing, d.as_of
        from read.captured_sources s
        left join read.coverage_days d on d.tenant_id = $1 and d.source_id = s.source_id
          and d.day >= ($3::timestamptz at time zone 'UTC')::date and d.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date
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
        batch.Add(new(SelectDays) { Parameters = { new() { Value = tenant }, new() { Value = clientId }, Time(start), Time(end) } });

    /// <summary>Leaves the reader behind what was asked.</summary>
    internal static async Task<decimal?> TakeAsync(NpgsqlDataReader reader, Instant start, Instant end, CancellationToken ct)
    {
        var sources = new Dictionary<string, (CoveredSource Source, Instant AsOf, Dictionary<LocalDate, DayKnown> Days)>(StringComparer.Ordinal);
        while (await reader.ReadAsync(ct))
        {
            var sourceId = reader.GetString(0);
            if (!sources.TryGetValue(sourceId, out var source))
            {
                sources[sourceId] = source = (new CoveredSource(sourceId, reader.GetString(1), At(reader, 2)), At(reader, 3), []);
            }

            if (!reader.IsDBNull(4))
            {
                source.Days[LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(4))] = Known(reader);
            }
        }

        await reader.NextResultAsync(ct);
        var (expected, covered) = (0L, 0L);
        foreach (var (source, asOf, days) in sources.Values)
        {
            var own = new CoveredDays(source.Since, source.ListsRecords(ProviderCatalogue.Whole), days).Within(start, end, asOf);
            (expected, covered) = (expected + own.Expected, covered + own.Covered);
        }

        return Ratio.Of(covered, expected);
    }

    private static DayKnown Known(NpgsqlDataReader reader) => new(
        reader.GetInt32(5), reader.GetInt32(6), reader.GetInt32(7), reader.GetInt32(8), reader.IsDBNull(9) ? null : reader.GetInt64(9), reader.IsDBNull(10) ? null : At(reader, 10));

    private static Instant At(NpgsqlDataReader reader, int at) => Instant.FromDateTimeUtc(reader.GetDateTime(at));

    private static NpgsqlParameter Time(Instant at) => new() { Value = at.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
