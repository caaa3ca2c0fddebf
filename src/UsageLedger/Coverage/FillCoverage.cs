using NodaTime;
using Npgsql;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Inbox;

namespace UsageLedger.Coverage;

/// <summary>Wants the holes of a source collected, exactly those.</summary>
public sealed record FillCoverage(string Tenant, string CorrelationId, string SourceId, Instant From, Instant To, Instant Now)
{
    /// <summary>Runs of one fill; what is left is a hole still.</summary>
    public const int RunsMax = 100;
}

/// <summary>A run over a hole.</summary>
public sealed record FillRun(Guid RunId, Instant From, Instant To);

/// <summary>What a fill has put into the inbox.</summary>
/// <param name="Left">Holes beyond <see cref="FillCoverage.RunsMax"/>, or beyond the runs of a source that may wait, for another fill.</param>
public sealed record Filling(string SourceId, IReadOnlyList<FillRun> Runs, int Left);

/// <summary>Handles <see cref="FillCoverage"/>.</summary>
public static class FillCoverageHandler
{
    /// <summary>Null if the tenant has no such source.</summary>
    public static async Task<Filling?> Handle(
        FillCoverage command, NpgsqlDataSource database, SourceStore sources, ProviderCatalogue providers, InboxStore inbox, CancellationToken ct)
    {
        if (await sources.FindAsync(command.Tenant, command.SourceId, ct) is not { } source)
        {
            return null;
        }

        var query = new ReadCoverage(command.Tenant, command.SourceId, command.From, command.To, command.Now, null, 1);
        var covered = (await ReadCoverageHandler.Handle(query, database, providers, ct)).Sources.SingleOrDefault();
        var windows = FillWindows.Of(covered?.Holes ?? [], providers.Find(source.Provider)?.Collector.ListsRecords ?? true);
        var runs = new List<FillRun>();
        var most = Math.Min(FillCoverage.RunsMax, await CollectUsageHandler.RoomAsync(command.Tenant, command.SourceId, inbox, ct));
        foreach (var (from, to) in windows.Take(most))
        {
            var key = await FillKeys.OfAsync(database, command.Tenant, command.SourceId, from, to, ct);
            var run = await CollectUsageHandler.Handle(
                new CollectUsage(command.Tenant, command.CorrelationId, command.SourceId, from, to) { Key = key }, sources, inbox, ct);
            runs.Add(new FillRun(run!.Value, from, to));
        }

        return new Filling(command.SourceId, runs, windows.Count - runs.Count);
    }
}

/// <summary>What is to be collected for holes.</summary>
internal static class FillWindows
{
    /// <summary>Adjacent holes are one window. Of a vendor that lists nothing whole days are collected, for it tells nothing else.</summary>
    public static IReadOnlyList<(Instant From, Instant To)> Of(IEnumerable<CoverageHole> holes, bool listsRecords)
    {
        var windows = new List<(Instant From, Instant To)>();
        foreach (var hole in holes.OrderBy(hole => hole.From))
        {
            var (from, to) = listsRecords
                ? (hole.From, hole.To)
                : (CoverageRule.StartOf(hole.From.InUtc().Date), CoverageRule.StartOf((hole.To - Duration.Epsilon).InUtc().Date.PlusDays(1)));
            if (windows.Count > 0 && windows[^1].To >= from)
            {
                windows[^1] = (windows[^1].From, Instant.Max(windows[^1].To, to));
            }
            else
            {
                windows.Add((from, to));
            }
        }

        return windows;
    }
}
