using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Coverage;

/// <summary>Reads what there is of a source in a time.</summary>
internal static class CoverageRows
{
    /// <summary>The metrics stand before the hours in the key: without them all of the source's years are read for a day.</summary>
    private const string SelectCounted = """
        select hour, metric, sum(pushed)::bigint, sum(polled)::bigint
        from read.captured_hours
        where tenant_id = $1 and source = $2 and hour >= $3 and hour < $4 and metric = any($5)
        group by hour, metric
        """;

    /// <summary>Of a provider that this program does not know, and so not its metrics.</summary>
    private const string SelectFound = """
        select hour, metric, sum(pushed)::bigint, sum(polled)::bigint
        from read.captured_hours
        where tenant_id = $1 and source = $2 and hour >= $3 and hour < $4
        group by hour, metric
        """;

    private const string SelectRuns = """
        select hour, proven_to, listed from read.coverage_hours
        where tenant_id = $1 and source_id = $2 and hour >= $3 and hour < $4
        """;

    /// <summary>Bounded as a total's own count is, so that sums of these add up.</summary>
    private const string SelectTotals = """
        select day, at, metric, least(sum(records), 1000000000000)::bigint, min(as_of) from read.vendor_totals
        where tenant_id = $1 and source_id = $2 and metric is not null and records is not null
          and day >= ($3::timestamptz at time zone 'UTC')::date and day < ($4::timestamptz at time zone 'UTC')::date
        group by day, at, metric
        """;

    /// <summary>All of the whole UTC days that the time touches: a vendor's total is judged by a whole day.</summary>
    public static async Task<SourceFacts> ReadAsync(
        NpgsqlConnection connection, ProviderCatalogue providers, string tenant, CoveredSource source, Instant from, Instant to, CancellationToken ct)
    {
        var collector = providers.Find(source.Provider)?.Collector;
        var (first, last) = (CoverageRule.StartOf(from.InUtc().Date), CoverageRule.StartOf((to - Duration.Epsilon).InUtc().Date.PlusDays(1)));
        await using var batch = new NpgsqlBatch(connection)
        {
            BatchCommands =
            {
                Found(collector?.CountedMetrics, tenant, source, first, last),
                new(SelectRuns) { Parameters = { new() { Value = tenant }, new() { Value = source.SourceId }, Time(first), Time(last) } },
                new(SelectTotals) { Parameters = { new() { Value = tenant }, new() { Value = source.SourceId }, Time(first), Time(last) } },
            },
        };
        await using var reader = await batch.ExecuteReaderAsync(ct);
        var found = await ListAsync(reader, row => new FoundHour(At(row, 0), row.GetString(1), row.GetInt64(2), row.GetInt64(3)), ct);
        var runs = await ListAsync(reader, row => (Hour: At(row, 0), Run: new RunHour(row.IsDBNull(1) ? null : At(row, 1), row.GetInt64(2))), ct);
        var totals = await ListAsync(
            reader,
            row => new KnownTotal(LocalDate.FromDateOnly(row.GetFieldValue<DateOnly>(0)), row.IsDBNull(1) ? null : At(row, 1), row.GetString(2), row.GetInt64(3), At(row, 4)), ct);
        return new SourceFacts(
            source.SourceId, source.Provider, source.Since, collector?.CountedMetrics ?? [.. found.Select(hour => hour.Metric).Distinct()],
            source.ListsRecords(providers), found, runs.ToDictionary(run => run.Hour, run => run.Run), totals);
    }

    private static NpgsqlBatchCommand Found(IReadOnlyList<string>? counted, string tenant, CoveredSource source, Instant first, Instant last)
    {
        var command = new NpgsqlBatchCommand(counted is null ? SelectFound : SelectCounted)
        {
            Parameters = { new() { Value = tenant }, new() { Value = source.SourceId }, Time(first), Time(last) },
        };
        if (counted is not null)
        {
            command.Parameters.Add(new() { Value = counted.ToArray() });
        }

        return command;
    }

    /// <summary>The rows of a result; leaves the reader at the next.</summary>
    internal static async Task<List<T>> ListAsync<T>(NpgsqlDataReader reader, Func<NpgsqlDataReader, T> read, CancellationToken ct)
    {
        var rows = new List<T>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(read(reader));
        }

        await reader.NextResultAsync(ct);
        return rows;
    }

    private static Instant At(NpgsqlDataReader reader, int at) => Instant.FromDateTimeUtc(reader.GetDateTime(at));

    private static NpgsqlParameter Time(Instant at) => new() { Value = at.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz };
}

/// <summary>A source as collecting began with it.</summary>
internal sealed record CoveredSource(string SourceId, string Provider, Instant Since)
{
    /// <inheritdoc cref="SourceFacts.ListsRecords"/>
    public bool ListsRecords(ProviderCatalogue providers) => providers.Find(Provider)?.Collector.ListsRecords ?? true;
}
