using System.Diagnostics;
using NodaTime;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Host;

/// <summary>Brings the read models to the head of the log from a process that is no server: alone, or beside one that does it anyway.</summary>
internal static class CatchUp
{
    private const string BookedBy = "select version from read.cycle_tzdb";

    /// <summary>However long a rebuild or a batch takes, some projection moves; if none does, its owner hangs.</summary>
    private static readonly TimeSpan StillMax = TimeSpan.FromMinutes(30);

    /// <summary>Returns when every projection holds what was in the log at the call, or is stopped.</summary>
    /// <param name="stillMax">How long none of them may move.</param>
    /// <exception cref="ReadModelsStillException">None moved for so long.</exception>
    public static async Task RunAsync(NpgsqlDataSource database, ILoggerFactory logs, CancellationToken ct, TimeSpan? stillMax = null)
    {
        var patience = stillMax ?? StillMax;
        var reached = new ReadSignal();
        await BesideAsync(database, logs, reached, async projecting =>
        {
            var head = await new LogReader(database).HeadAsync(ct);
            var (behind, moved) = (Array.Empty<ProjectionStatus>(), Stopwatch.GetTimestamp());
            while (!projecting.IsCompleted && await BehindAsync(database, head, ct) is { Length: > 0 } now)
            {
                moved = now.Length != behind.Length || now.Sum(each => each.Position) != behind.Sum(each => each.Position) ? Stopwatch.GetTimestamp() : moved;
                behind = now;
                if (Stopwatch.GetElapsedTime(moved) > patience)
                {
                    throw new ReadModelsStillException(
                        $"{string.Join(", ", behind.Select(each => each.Name))} did not move for {patience.TotalMinutes:0} minutes, though events wait: 'ledger doctor' says more.");
                }

                await Task.WhenAny(reached.Moved, projecting, Task.Delay(TimeSpan.FromMilliseconds(100), ct));
            }

            return head;
        }, ct);
    }

    /// <summary>Goes on catching up as long as the work lasts, which may read what was recorded meanwhile.</summary>
    public static Task<T> WhileAsync<T>(NpgsqlDataSource database, ILoggerFactory logs, Func<Task<T>> work, CancellationToken ct) =>
        BesideAsync(database, logs, new ReadSignal(), _ => work(), ct);

    private static async Task<T> BesideAsync<T>(
        NpgsqlDataSource database, ILoggerFactory logs, ReadSignal reached, Func<Task, Task<T>> work, CancellationToken ct)
    {
        await ProjectionPreparation.RunAsync(database, LedgerServices.Projections, ct);
        await RequireOwnTimeZonesAsync(database, ct);
        using var running = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var host = new ProjectionHost(
            database, new LogReader(database), new LogSignal(), reached, LedgerServices.Projections, LedgerServices.Projecting, logs);
        var projecting = host.RunAsync(running.Token);
        try
        {
            return await work(projecting);
        }
        finally
        {
            await running.CancelAsync();
            await StoppedAsync(projecting, running.Token);
        }
    }

    /// <summary>Cycles that a server cuts by another time zone database are not where this program would look for them.</summary>
    private static async Task RequireOwnTimeZonesAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = database.CreateCommand(BookedBy);
        if (await select.ExecuteScalarAsync(ct) is string bookedBy && bookedBy != DateTimeZoneProviders.Tzdb.VersionId)
        {
            throw new SchemaMismatchException(
                $"A server books cycles by the time zones {bookedBy}, and this program knows {DateTimeZoneProviders.Tzdb.VersionId}: use the version of the ledger that the servers are.");
        }
    }

    /// <summary>Beside a server all may be done before the projections have begun; then beginning is what is cut off.</summary>
    private static async Task StoppedAsync(Task projecting, CancellationToken stop)
    {
        try
        {
            await projecting;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return;
        }
    }

    /// <summary>Registered they all are, by <see cref="ProjectionPreparation"/>.</summary>
    private static async Task<ProjectionStatus[]> BehindAsync(NpgsqlDataSource database, long head, CancellationToken ct) =>
    [
        .. (await ProjectionStore.AllAsync(database, ct)).Where(status => status.Position < head && status.State != "stopped"
            && LedgerServices.Projections.Any(projection => projection.Name == status.Name)),
    ];
}
