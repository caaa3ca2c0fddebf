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
    /// <summary>A source feeds a client that it had usage of in the cycle, or shortly before it.</summary>
    private const string Fed = """
        with fed as materialized (
            select s.source_id, s.provider, s.since_at
            from read.captured_sources s
            where s.tenant_id = $1 and (
                select true from read.captured_clients c
                where c.tenant_id = $1 and c.client_id = $2 and c.source = s.source_id and c.records > 0
                  and c.day >= ($3::timestamptz at time zone 'UTC')::date - 35 and c.day <= ($4::timestamptz at time zone 'UTC')::date
                limit 1))

        """;

    private const string SelectSources = Fed + """
        select source_id, provider, since_at, (
            select e.timestamp from ledger.projections p join ledger.mt_events e on e.seq_id = p.position where p.name = 'captured_usage')
        from fed
        """;

    private const string SelectHeld = Fed + """
        select d.source_id, d.day, d.held, d.held_to_end
        from fed join read.coverage_days d on d.tenant_id = $1 and d.source_id = fed.source_id
          and d.day >= ($3::timestamptz at time zone 'UTC')::date and d.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date
        """;

    private const string SelectTotals = Fed + """
        select d.source_id, d.day, d.metric, d.hours, least(d.records, 1000000000000), d.as_of
        from fed join read.vendor_days d on d.tenant_id = $1 and d.source_id = fed.source_id
          and d.day >= ($3::timestamptz at time zone 'UTC')::date and d.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date
        """;

    /// <summary>What a vendor's own totals are of; by hours only where the vendor counts hours. $5 and $6: providers, and beside each a metric that it counts.</summary>
    private const string SelectFound = Fed + """
        select d.source, d.day, d.metric, d.records, case when hourly.source_id is not null then d.hours end
        from fed join read.captured_days d on d.tenant_id = $1 and d.source = fed.source_id
          and d.day >= ($3::timestamptz at time zone 'UTC')::date and d.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date
        left join (
            select distinct v.source_id
            from fed join read.vendor_days v on v.tenant_id = $1 and v.source_id = fed.source_id and v.hours is not null
              and v.day >= ($3::timestamptz at time zone 'UTC')::date and v.day <= (($4::timestamptz - interval '1 microsecond') at time zone 'UTC')::date
            ) hourly on hourly.source_id = fed.source_id
        where (fed.provider, d.metric) in (select * from unnest($5::text[], $6::text[]))
        """;

    /// <summary>What vendors count of their own. Of all vendors there are, for a cycle's figures are the same whatever a host collects from.</summary>
    private static readonly (string Provider, string Metric)[] OfTotals =
    [
        .. from provider in ProviderCatalogue.Whole.All
           where provider.Collector.TellsTotals
           from metric in provider.Collector.CountedMetrics
           select (provider.Name, metric),
    ];

    public static async Task<decimal?> OfCycleAsync(
        NpgsqlConnection connection, string tenant, string clientId, Instant start, Instant end, CancellationToken ct)
    {
        await using var batch = new NpgsqlBatch(connection);
        Ask(batch.BatchCommands, tenant, clientId, start, end);
        await using var reader = await batch.ExecuteReaderAsync(ct);
        return await TakeAsync(reader, start, end, ct);
    }

    /// <summary>Puts what <see cref="TakeAsync"/> takes into a batch.</summary>
    internal static void Ask(NpgsqlBatchCommandCollection batch, string tenant, string clientId, Instant start, Instant end)
    {
        foreach (var sql in new[] { SelectSources, SelectHeld, SelectTotals, SelectFound })
        {
            batch.Add(new(sql) { Parameters = { new() { Value = tenant }, new() { Value = clientId }, Time(start), Time(end) } });
        }

        batch[^1].Parameters.Add(Texts(OfTotals.Select(counted => counted.Provider)));
        batch[^1].Parameters.Add(Texts(OfTotals.Select(counted => counted.Metric)));
    }

    /// <summary>Leaves the reader behind what was asked.</summary>
    internal static async Task<decimal?> TakeAsync(NpgsqlDataReader reader, Instant start, Instant end, CancellationToken ct)
    {
        var sources = await CoverageRows.ListAsync(reader, row => (Source: new CoveredSource(row.GetString(0), row.GetString(1), At(row, 2)), AsOf: At(row, 3)), ct);
        var held = await CoverageRows.ListAsync(reader, row => (Source: row.GetString(0), Day: Day(row), Hours: row.GetInt32(2), ToEnd: row.GetInt32(3)), ct);
        var totals = await CoverageRows.ListAsync(
            reader, row => (Place: (row.GetString(0), Day(row)), Total: new DayTotal(
                row.GetString(2), row.IsDBNull(3) ? null : row.GetFieldValue<long?[]>(3), row.IsDBNull(4) ? null : row.GetInt64(4), At(row, 5))), ct);
        var found = await CoverageRows.ListAsync(
            reader, row => (Place: (row.GetString(0), Day(row)), Found: new DayFound(
                row.GetString(2), row.GetInt64(3), row.IsDBNull(4) ? null : row.GetFieldValue<long[]>(4))), ct);
        var (ofTotals, ofFound) = (totals.ToLookup(row => row.Place, row => row.Total), found.ToLookup(row => row.Place, row => row.Found));
        var ofHeld = held.ToDictionary(row => (row.Source, row.Day), row => (row.Hours, row.ToEnd));
        var days = ofHeld.Keys.Union(ofTotals.Select(total => total.Key)).ToLookup(place => place.Item1, place => place.Item2);
        var (expected, covered) = (0L, 0L);
        foreach (var (source, asOf) in sources)
        {
            DayFacts Facts(LocalDate day)
            {
                var (hours, toEnd) = ofHeld.GetValueOrDefault((source.SourceId, day));
                return new DayFacts(day, hours, toEnd, [.. ofTotals[(source.SourceId, day)]], [.. ofFound[(source.SourceId, day)]]);
            }

            var own = new CoveredDays(source.Since, source.ListsRecords(ProviderCatalogue.Whole), days[source.SourceId].ToDictionary(day => day, Facts)).Within(start, end, asOf);
            (expected, covered) = (expected + own.Expected, covered + own.Covered);
        }

        return Ratio.Of(covered, expected);
    }

    private static Instant At(NpgsqlDataReader reader, int at) => Instant.FromDateTimeUtc(reader.GetDateTime(at));

    private static LocalDate Day(NpgsqlDataReader reader) => LocalDate.FromDateOnly(reader.GetFieldValue<DateOnly>(1));

    private static NpgsqlParameter Texts(IEnumerable<string> texts) => new() { Value = texts.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    private static NpgsqlParameter Time(Instant at) => new() { Value = at.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}
