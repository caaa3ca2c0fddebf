using Microsoft.Extensions.Logging;
using NodaTime;
using NodaTime.Text;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Inbox;

namespace UsageLedger.Coverage;

/// <summary>
/// Measures when days are complete, and has vendors asked for their totals of days that are. A day of a tenant is complete when every source
/// is collected beyond its end and all read models hold what was in the log when that was seen; so the figure may be a little late, never early.
/// </summary>
public sealed class RollUpDays(
    DayRollups rollups, SourceStore sources, ProviderCatalogue providers, InboxStore inbox, LogAppender log, LogReader reader,
    IReadOnlyList<IProjection> projections, NpgsqlDataSource database, ILogger<RollUpDays> logger)
{
    /// <summary>What is older was not measured by anybody, and says nothing any more.</summary>
    public const int DaysBack = 7;

    /// <summary>Vendors' totals change for a while.</summary>
    private const int TotalsDays = 3;

    private const string Correlation = "rollup";

    private readonly string[] names = [.. projections.Select(projection => projection.Name)];
    private readonly Dictionary<(string Tenant, LocalDate Day), long> awaited = [];

    /// <summary>The last day on which this host has asked for a source's totals.</summary>
    private readonly Dictionary<(string Tenant, string SourceId), LocalDate> asked = [];

    /// <summary>Looks once at the days that are over. How many were found complete; a tenant that this fails for is looked at again in the next round.</summary>
    public async Task<int> RunAsync(Instant now, CancellationToken ct)
    {
        var complete = 0;
        foreach (var tenant in (await rollups.SourcesAsync("", ct)).GroupBy(source => source.Tenant, StringComparer.Ordinal))
        {
            try
            {
                complete += await LookAsync(tenant.Key, [.. tenant], now, ct);
            }
#pragma warning disable CA1031 // What one tenant's days come to grief over must stop neither the others' nor the host; it is tried again.
            catch (Exception failure) when (!ct.IsCancellationRequested)
#pragma warning restore CA1031
            {
                logger.LogError(failure, "Whether days of {Tenant} are complete could not be seen; the next round tries again", tenant.Key);
            }
        }

        return complete;
    }

    private async Task<int> LookAsync(string tenant, IReadOnlyList<SourceCursor> sources, Instant now, CancellationToken ct)
    {
        var (today, complete) = (now.InUtc().Date, 0);
        var measured = await rollups.MeasuredAsync(tenant, ct);
        for (var day = today.PlusDays(-DaysBack); day < today; day = day.PlusDays(1))
        {
            complete += !measured.Contains(day) && await MeasureAsync(tenant, day, sources, now, ct) ? 1 : 0;
        }

        await AskAsync(sources, today, ct);
        return complete;
    }

    private async Task<bool> MeasureAsync(string tenant, LocalDate day, IReadOnlyList<SourceCursor> all, Instant now, CancellationToken ct)
    {
        var end = CoverageRule.StartOf(day.PlusDays(1));
        var own = all.Where(source => source.Since < end).ToList();
        if (own.Count == 0 || own.Exists(source => !(source.Cursor >= end)))
        {
            return false;
        }

        if (!awaited.TryGetValue((tenant, day), out var head))
        {
            awaited[(tenant, day)] = head = await reader.HeadAsync(ct);
        }

        if (await ProjectionStore.LowestAsync(database, names, ct) < head)
        {
            return false;
        }

        var last = own.MaxBy(source => source.LastCompletedAt)!;
        var told = new DayRolledUp(day, head, last.LastCompletedAt, last.SourceId, now).ToEvent(tenant);
        await log.AppendAsync(new AppendRequest(tenant, Correlation, [new AppendItem(told.Id, told)]), ct);
        awaited.Remove((tenant, day));
        return true;
    }

    /// <summary>Once a day, of sources that are collected by themselves; whoever fires, it is one item.</summary>
    private async Task AskAsync(IEnumerable<SourceCursor> cursors, LocalDate today, CancellationToken ct)
    {
        var start = CoverageRule.StartOf(today);
        foreach (var cursor in cursors.Where(cursor => cursor.Cursor >= start && asked.GetValueOrDefault((cursor.Tenant, cursor.SourceId)) != today))
        {
            if (await sources.FindAsync(cursor.Tenant, cursor.SourceId, ct) is { Schedule: not null } source
                && providers.Find(source.Provider)?.Collector.TellsTotals == true)
            {
                var from = LocalDate.Max(today.PlusDays(-TotalsDays), cursor.Since.InUtc().Date);
                if (from < today)
                {
                    await inbox.AddAsync(TotalsWork.For(
                        cursor.Tenant, cursor.SourceId, from, today.PlusDays(-1), $"daily:{LocalDatePattern.Iso.Format(today)}", Correlation), ct);
                }

                asked[(cursor.Tenant, cursor.SourceId)] = today;
            }
        }
    }
}
