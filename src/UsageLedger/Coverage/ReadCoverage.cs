using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Collecting.Sources;
using UsageLedger.Reporting;

namespace UsageLedger.Coverage;

/// <summary>Asks how much of what sources should have told was collected, in a time.</summary>
/// <param name="SourceId">Null: of all.</param>
/// <param name="Now">An hour is expected once it has been over for an hour.</param>
/// <param name="After">The last source of the page before; null: from the first.</param>
public sealed record ReadCoverage(string Tenant, string? SourceId, Instant From, Instant To, Instant Now, string? After, int Limit)
{
    /// <summary>Beyond a quarter one asks twice.</summary>
    public static readonly Duration SpanMax = Duration.FromDays(92);

    /// <summary>What is meant where no time is named.</summary>
    public static readonly Duration SpanDefault = Duration.FromDays(7);
}

/// <param name="Next">What to ask after; null when nothing follows.</param>
public sealed record CoveragePage(IReadOnlyList<SourceCoverage> Sources, string? Next);

/// <inheritdoc cref="ReadCoverage"/>
public static class ReadCoverageHandler
{
    private const string Select = """
        select source_id, provider, since_at from read.captured_sources
        where tenant_id = $1 and ($2::text is null or source_id = $2) and ($3::text is null or source_id collate "C" > $3)
        order by source_id collate "C" limit $4
        """;

    public static async Task<CoveragePage> Handle(ReadCoverage query, NpgsqlDataSource database, ProviderCatalogue providers, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfCapturedAsync(database, query.Tenant, ct);
        var sources = await SourcesAsync(snapshot, query, ct);
        var page = new List<SourceCoverage>();
        foreach (var source in sources.Take(query.Limit))
        {
            var facts = await CoverageRows.ReadAsync(snapshot.Connection, providers, query.Tenant, source, query.From, query.To, ct);
            page.Add(CoverageRule.Of(facts, query.From, query.To, query.Now));
        }

        return new CoveragePage(page, sources.Count > query.Limit ? page[^1].SourceId : null);
    }

    private static async Task<List<CoveredSource>> SourcesAsync(ReadSnapshot snapshot, ReadCoverage query, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            Select, new() { Value = query.Tenant }, Text(query.SourceId), Text(query.After), new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new List<CoveredSource>();
        while (await reader.ReadAsync(ct))
        {
            sources.Add(new CoveredSource(reader.GetString(0), reader.GetString(1), Instant.FromDateTimeUtc(reader.GetDateTime(2))));
        }

        return sources;
    }

    private static NpgsqlParameter Text(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };
}
