using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger.Coverage;

/// <summary>Tells other slices how much of what was expected has been collected.</summary>
public static class CoverageReads
{
    /// <summary>A source feeds a client that it had usage of in the cycle, or shortly before it.</summary>
    private const string SelectSources = """
        select s.source_id, s.provider, s.since_at, (
            select e.timestamp from ledger.projections p join ledger.mt_events e on e.seq_id = p.position where p.name = 'captured_usage')
        from read.captured_sources s
        where s.tenant_id = $1 and exists (
            select from read.captured_clients c
            where c.tenant_id = $1 and c.client_id = $2 and c.source = s.source_id and c.records > 0
              and c.day >= ($3::timestamptz at time zone 'UTC')::date - 35 and c.day <= ($4::timestamptz at time zone 'UTC')::date)
        order by s.source_id
        """;

    /// <summary>
    /// The share, 0 to 1, of the expected hours that are covered, of the sources that feed a client, up to the last event that the read models
    /// hold: it follows from the log alone. Null while no source does, or nothing is expected yet.
    /// </summary>
    public static async Task<decimal?> OfCycleAsync(
        NpgsqlConnection connection, string tenant, string clientId, Instant start, Instant end, CancellationToken ct)
    {
        var (covered, expected) = (0L, 0L);
        foreach (var (source, asOf) in await SourcesAsync(connection, tenant, clientId, start, end, ct))
        {
            var facts = await CoverageRows.ReadAsync(connection, tenant, source, start, end, ct);
            var hours = CoverageRule.Of(facts, start, end, asOf).Hours;
            (covered, expected) = (covered + hours.Count(hour => hour.Covered), expected + hours.Count);
        }

        return Ratio.Of(covered, expected);
    }

    private static async Task<List<(CoveredSource Source, Instant AsOf)>> SourcesAsync(
        NpgsqlConnection connection, string tenant, string clientId, Instant start, Instant end, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectSources, connection)
        {
            Parameters =
            {
                new() { Value = tenant },
                new() { Value = clientId },
                new() { Value = start.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = end.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
            },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new List<(CoveredSource, Instant)>();
        while (await reader.ReadAsync(ct))
        {
            sources.Add((
                new CoveredSource(reader.GetString(0), reader.GetString(1), Instant.FromDateTimeUtc(reader.GetDateTime(2))),
                Instant.FromDateTimeUtc(reader.GetDateTime(3))));
        }

        return sources;
    }
}
