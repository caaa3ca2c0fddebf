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
    IReadOnlyList<IProjection> projections, NpgsqlDataSource database)
{
    /// <summary>What is older was not measured by anybody, and says nothing any more.</summary>
    public const int DaysBack = 7;

    /// <summary>Vendors' totals change for a while.</summary>
    private const int TotalsDays = 3;

    private const string Correlation = "rollup";

    private readonly string[] names = [.. projections.Select(projection => projection.Name)];
    private readonly Dictionary<(string Tenant, LocalDate Day), long> awaited = [];

    /// <summary>Looks once at the days that are over. How many were found complete.</summary>
    public async Task<int> RunAsync(Instant now, CancellationToken ct)
    {
        var today = now.InUtc().Date;
        var complete = 0;
        foreach (var tenant in (await rollups.SourcesAsync("", ct)).GroupBy(source => source.Tenant, StringComparer.Ordinal))
        {
            for (var day = today.PlusDays(-DaysBack); day < today; day = day.PlusDays(1))
            {
                complete += await MeasureAsync(tenant.Key, day, [.. tenant], now, ct) ? 1 : 0;
            }

            await AskAsync(tenant, today, ct);
        }

        return complete;
    }

    private async Task<bool> MeasureAsync(string tenant, LocalDate day, IReadOnlyList<SourceCursor> all, Instant now, CancellationToken ct)
    {
        var end = CoverageRule.StartOf(day.PlusDays(1));
        var own = all.Where(source => source.Since < end).ToList();
        if (own.Count == 0 || own.Exists(source => !(source.Cursor >= end)) || await rollups.IsMeasuredAsync(tenant, day, ct))
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
        foreach (var cursor in cursors.Where(cursor => cursor.Cursor >= start))
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
            }
        }
    }
}
