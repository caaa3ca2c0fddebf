using System.Diagnostics;
using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;

namespace UsageLedger.Host.Telemetry;

/// <summary>
/// Looks for the least covered source of each provider. Each source is a read of its own, so a look takes some of them and a little time, and the
/// next goes on behind them; once all were looked at their figures hold for a while.
/// </summary>
internal sealed partial class CoverageWatch(NpgsqlDataSource database, ProviderCatalogue providers, IClock clock, ILogger<CoverageWatch> log)
{
    /// <summary>Sources of one look.</summary>
    public const int SourcesMax = 500;

    private const string SelectSources = """
        select tenant_id, source_id from read.captured_sources
        where $1::text is null or (tenant_id, source_id) > ($1, $2)
        order by tenant_id, source_id limit $3
        """;

    private static readonly Duration Covered = Duration.FromDays(1);
    private static readonly TimeSpan LookMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Holds = TimeSpan.FromMinutes(5);

    private Dictionary<string, decimal> lowest = [];
    private Dictionary<string, decimal> gathering = [];
    private (string Tenant, string SourceId)? after;
    private long? endedAt;

    /// <summary>By provider, of all sources when they were last looked at; before that, of those that have been.</summary>
    public async Task<IReadOnlyDictionary<string, decimal>> LookAsync(CancellationToken ct)
    {
        if (after is not null || lowest.Count == 0 || endedAt is not { } ended || Stopwatch.GetElapsedTime(ended) > Holds)
        {
            using var within = CancellationTokenSource.CreateLinkedTokenSource(ct);
            within.CancelAfter(LookMax);
            await GoOnAsync(within.Token, ct);
        }

        return endedAt is null ? new Dictionary<string, decimal>(gathering) : lowest;
    }

    private async Task GoOnAsync(CancellationToken within, CancellationToken ct)
    {
        var sources = await SourcesAsync(ct);
        foreach (var source in sources)
        {
            // First of all: one that takes all the time there is must not stop those behind it for ever.
            after = source;
            try
            {
                await TakeAsync(source.Tenant, source.SourceId, within);
            }
            catch (OperationCanceledException) when (within.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                return;
            }
#pragma warning disable CA1031 // What one source's figures come to grief over must not hide those of the others.
            catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                Unread(log, failure, source.SourceId, source.Tenant);
            }
        }

        if (sources.Count < SourcesMax)
        {
            (lowest, gathering, after, endedAt) = (gathering, [], null, Stopwatch.GetTimestamp());
        }
    }

    private async Task TakeAsync(string tenant, string source, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        var page = await ReadCoverageHandler.Handle(new ReadCoverage(tenant, source, now - Covered, now, now, null, 1), database, providers, ct);
        foreach (var one in page.Sources.Where(one => one.Coverage is not null))
        {
            gathering[one.Provider] = Math.Min(gathering.GetValueOrDefault(one.Provider, 1), one.Coverage!.Value);
        }
    }

    private async Task<List<(string Tenant, string SourceId)>> SourcesAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectSources);
        select.Parameters.Add(Columns.Of(after?.Tenant));
        select.Parameters.Add(Columns.Of(after?.SourceId));
        select.Parameters.Add(new() { Value = SourcesMax });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var sources = new List<(string, string)>();
        while (await reader.ReadAsync(ct))
        {
            sources.Add((reader.GetString(0), reader.GetString(1)));
        }

        return sources;
    }

    [LoggerMessage(4102, LogLevel.Warning, "The coverage of {Source} of {Tenant} could not be read; metrics tell that of the others")]
    private static partial void Unread(ILogger logger, Exception failure, string source, string tenant);
}
