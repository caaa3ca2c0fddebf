using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Makes a live projection's rows those of this program, where they stand; who else would move them waits. Those that a process owns are its program's.</summary>
public static class ProjectionPreparation
{
    public static async Task RunAsync(NpgsqlDataSource database, IReadOnlyList<IProjection> projections, CancellationToken ct)
    {
        await ProjectionStore.RegisterAsync(database, projections.Select(projection => projection.Name), ct);
        await using var connection = await database.OpenConnectionAsync(ct);
        foreach (var projection in projections)
        {
            await using var owned = await AdvisoryLock.TryTakeAsync(connection, ProjectionRunner.OwnershipLocks, projection.Name, ct);
            if (owned is not null)
            {
                await RunAsync(connection, projection, ct);
                continue;
            }

            // Its owner may be at it still.
            await using var waiting = await connection.BeginTransactionAsync(ct);
            await ProjectionStore.LockAsync(connection, projection.Name, ct);
        }
    }

    internal static async Task RunAsync(NpgsqlConnection connection, IProjection projection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (position, _) = await ProjectionStore.LockAsync(connection, projection.Name, ct);
        await ProjectionPoints.PreparationLocked.ReachAsync();
        await ProjectionStep.PrepareAsync(connection, projection, false, position, ct);
        await ProjectionPoints.Prepared.ReachAsync();
        await transaction.CommitAsync(ct);
    }
}
