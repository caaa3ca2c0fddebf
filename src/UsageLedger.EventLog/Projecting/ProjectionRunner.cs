using System.Data;
using System.Diagnostics;
using Microsoft.Extensions.Logging;
using Npgsql;
using UsageLedger.EventLog.Reading;
using UsageLedger.EventLog.Telemetry;

namespace UsageLedger.EventLog.Projecting;

/// <summary>
/// Keeps one projection at the head of the log. One process at a time owns it, by an advisory lock on the very connection
/// that writes; the others stand by and take over when that connection ends. An event that fails stops it, named, for good:
/// nothing is skipped.
/// </summary>
public sealed class ProjectionRunner(
    NpgsqlDataSource database, LogReader reader, IProjection projection, LogSignal head, ReadSignal reached, ProjectionOptions options, ILogger<ProjectionRunner> log)
{
    /// <summary>One of them for each projection, by its name.</summary>
    internal const int OwnershipLocks = 4711;

    private int batch = options.BatchPositionsMax;
    private bool outlived;

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        while (!ct.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.OpenConnectionAsync(ct);
                await using var owned = await AdvisoryLock.TryTakeAsync(connection, OwnershipLocks, projection.Name, ct);
                if (owned is not null && !await IsOutlivedAsync(connection, ct))
                {
                    log.LogInformation("Projection {Projection} is run by this process", projection.Name);
                    await FollowAsync(connection, ct);
                }
            }
            catch (OperationCanceledException) when (ct.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure) when (Transient.Is(failure))
            {
                log.LogWarning(failure, "Projection {Projection} lost its database and tries again", projection.Name);
            }

            await Task.Delay(options.TakeoverEvery, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Said once: the database is no longer this program's to book in.</summary>
    private async Task<bool> IsOutlivedAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        var isNewer = await NewerSchema.IsThereAsync(connection, options, ct);
        if (isNewer && !outlived)
        {
            log.LogError("Projection {Projection} is not run by this process: the database was migrated by a newer program. Run that one here too", projection.Name);
        }

        return outlived = isNewer;
    }

    private async Task FollowAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await ProjectionPoints.Owned.ReachAsync();

        // A new owner gives a stopped projection one more try: the program may be a mended one.
        await ProjectionStore.ResumeAsync(connection, projection.Name, ct);
        await ProjectionPoints.Resumed.ReachAsync();
        await ProjectionPreparation.RunAsync(connection, projection, ct);

        // A session that ends while a transaction is given up says nothing: the connection is merely no longer open.
        while (connection.State == ConnectionState.Open)
        {
            var started = Stopwatch.GetTimestamp();

            // The signal only wakes: anybody may send a NOTIFY, and a place beyond the head would skip what comes there.
            var upTo = await reader.HeadAsync(ct);
            var place = await AdvanceAsync(connection, upTo, ct);
            reached.Announce();
            if (place >= upTo)
            {
                var worked = Stopwatch.GetTimestamp();
                var rest = options.RestPerWork * Stopwatch.GetElapsedTime(started, worked);
                await head.WaitBeyondAsync(upTo, options.PollEvery, ct);
                rest = (rest < options.RestMax ? rest : options.RestMax) - Stopwatch.GetElapsedTime(worked);
                if (rest > TimeSpan.Zero)
                {
                    await Task.Delay(rest, ct);
                }
            }
            else if (place < 0)
            {
                await Task.Delay(options.PollEvery, ct);
            }
        }
    }

    /// <summary>One batch in one transaction.</summary>
    /// <returns>The place reached, or -1 while the projection is stopped.</returns>
    private async Task<long> AdvanceAsync(NpgsqlConnection connection, long upTo, CancellationToken ct)
    {
        var position = 0L;
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(ct);
            await ProjectionPoints.Begun.ReachAsync();
            (position, var stopped) = await ProjectionStore.LockAsync(connection, projection.Name, ct);
            await ProjectionPoints.Locked.ReachAsync();
            if (stopped)
            {
                return -1;
            }

            if (position >= upTo)
            {
                return position;
            }

            using var span = ProjectionTelemetry.Begin(projection);
            var started = Stopwatch.GetTimestamp();
            var place = await ProjectionStep.RunAsync(connection, projection, false, position, Math.Min(upTo, position + batch), ct);
            await ProjectionPoints.Advanced.ReachAsync();
            await ProjectionStore.MoveAsync(connection, projection.Name, place, ct);
            await ProjectionPoints.Moved.ReachAsync();
            await transaction.CommitAsync(ct);
            await ProjectionPoints.Committed.ReachAsync();
            ProjectionTelemetry.Advanced(span, projection, started, place - position);
            batch = Math.Min(options.BatchPositionsMax, batch * 2);
            return place;
        }
        catch (ProjectionFailure failure)
        {
            return await NarrowAsync(connection, failure, position, ct);
        }
    }

    /// <summary>Comes nearer to the one event that fails, and stops there when it stands alone.</summary>
    /// <returns>As of an advance.</returns>
    private async Task<long> NarrowAsync(NpgsqlConnection connection, ProjectionFailure failure, long position, CancellationToken ct)
    {
        if (failure.First > position + 1)
        {
            // First take what stands before the failure.
            batch = (int)(failure.First - 1 - position);
            return position;
        }

        if (failure.First < failure.Last)
        {
            batch = (int)((failure.Last - failure.First + 1) / 2);
            return position;
        }

        if (connection.State == ConnectionState.Open)
        {
            log.LogError(failure, "Projection {Projection} stopped at position {Position}", projection.Name, failure.First);
            await ProjectionStore.StopAsync(connection, projection.Name, failure.First, failure.InnerException!.Message, ct);
        }

        return -1;
    }
}
