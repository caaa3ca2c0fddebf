using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>One row that stands only in the live read model or only in the rebuilt one.</summary>
public sealed record RebuildDifference(string Table, string Side, string Row);

/// <param name="Events">Positions gone through.</param>
/// <param name="Differences">How many rows differ.</param>
/// <param name="Examples">The first of them.</param>
public sealed record RebuildOutcome(string Name, long Events, long Differences, IReadOnlyList<RebuildDifference> Examples);

/// <summary>Builds a projection's tables anew beside the live ones, compares if asked, and puts them in their place.</summary>
/// <param name="waiting">Told whom it waits for, where another session holds the tables.</param>
public sealed class ProjectionRebuild(NpgsqlDataSource database, ProjectionOptions options, Action<string>? waiting = null)
{
    /// <summary>One for all projections, under the empty name.</summary>
    internal const int RebuildLocks = 4712;

    private const long ExamplesMax = 100;
    private const string Begin = "select ledger.begin_rebuild($1)";
    private const string Hold = "select ledger.hold_tables($1)";
    private const string End = "select ledger.end_rebuild($1)";
    private const string SelectPosition = "select position from ledger.projections where name = $1";
    private const string Differences = "select table_name, side, row_text, total from ledger.rebuild_differences($1, $2)";

    /// <summary>Rebuilds up to where the live projection stands; it goes on from there. Live reads and appends are not held up.</summary>
    /// <exception cref="TablesHeldException">Other sessions held the live tables at every try, for most of an hour or longer.</exception>
    /// <exception cref="SchemaMismatchException">The schema is newer than this program, or a migration set the live projection back meanwhile: its tables may be others than were built.</exception>
    public async Task<RebuildOutcome> RunAsync(IProjection projection, bool verify, IProgress<long>? progress, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var turn = await AdvisoryLock.TakeAsync(connection, RebuildLocks, "", ct);
        if (await NewerSchema.IsThereAsync(connection, options, ct))
        {
            throw new SchemaMismatchException($"The database was migrated by a newer program: {projection.Name} is not rebuilt by this one. Run the newer program.");
        }

        var tables = projection.Tables.ToArray();
        await ExecuteAsync(connection, Begin, tables, ct);
        await ProjectionPoints.RebuildBegun.ReachAsync();
        await PrepareAsync(connection, projection, ct);
        var place = 0L;
        return await HeldTables.ChangeAsync(
            database,
            async () =>
            {
                while (place < await LivePositionAsync(connection, projection.Name, ct))
                {
                    place = await FollowAsync(connection, projection, place, ct);
                    progress?.Report(place);
                }

                return await SwapAsync(connection, projection, tables, place, verify, ct);
            },
            waiting,
            ct);
    }

    /// <summary>The place after one transaction more.</summary>
    private async Task<long> FollowAsync(NpgsqlConnection connection, IProjection projection, long place, CancellationToken ct)
    {
        var live = await LivePositionAsync(connection, projection.Name, ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var reached = await ProjectionStep.RunAsync(connection, projection, true, place, Math.Min(live, place + options.RebuildPositionsMax), ct);
        await ProjectionPoints.RebuildAdvanced.ReachAsync();
        await transaction.CommitAsync(ct);
        await ProjectionPoints.RebuildCommitted.ReachAsync();
        return reached;
    }

    private static async Task PrepareAsync(NpgsqlConnection connection, IProjection projection, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await ProjectionStep.PrepareAsync(connection, projection, true, 0, ct);
        await transaction.CommitAsync(ct);
    }

    /// <summary>Holds the live projection where it stands, takes the last few events, compares and swaps: all in one transaction.</summary>
    private static async Task<RebuildOutcome> SwapAsync(
        NpgsqlConnection connection, IProjection projection, string[] tables, long place, bool verify, CancellationToken ct)
    {
        await using var transaction = await connection.BeginTransactionAsync(ct);
        var (live, _) = await ProjectionStore.LockAsync(connection, projection.Name, ct);
        await ProjectionPoints.RebuildLocked.ReachAsync();
        if (place > live)
        {
            throw new SchemaMismatchException($"{projection.Name} was set back to {live} while it was built anew up to {place}. Nothing was exchanged: build it anew once more.");
        }

        while (place < live)
        {
            place = await ProjectionStep.RunAsync(connection, projection, true, place, live, ct);
        }

        if (verify)
        {
            // A comparison takes long, and the projection stands still for it: only when the exchange could follow.
            await TryHoldAsync(connection, transaction, tables, ct);
        }

        var (total, examples) = verify ? await CompareAsync(connection, tables, ct) : (0, []);
        await ProjectionPoints.RebuildCompared.ReachAsync();
        await HeldTables.LimitWaitAsync(connection, ct);
        await ExecuteAsync(connection, End, tables, ct);
        await ProjectionPoints.RebuildSwapped.ReachAsync();
        await transaction.CommitAsync(ct);
        await ProjectionPoints.RebuildEnded.ReachAsync();
        return new RebuildOutcome(projection.Name, place, total, examples);
    }

    /// <summary>Fails where somebody holds the tables; what it took itself it gives back at once.</summary>
    private static async Task TryHoldAsync(NpgsqlConnection connection, NpgsqlTransaction transaction, string[] tables, CancellationToken ct)
    {
        const string Point = "held";
        await transaction.SaveAsync(Point, ct);
        await HeldTables.LimitWaitAsync(connection, ct);
        await ExecuteAsync(connection, Hold, tables, ct);
        await transaction.RollbackAsync(Point, ct);
    }

    private static async Task<(long Total, List<RebuildDifference> Examples)> CompareAsync(NpgsqlConnection connection, string[] tables, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(Differences, connection) { CommandTimeout = 0, Parameters = { new() { Value = tables }, new() { Value = ExamplesMax } } };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var totals = new Dictionary<string, long>();
        var examples = new List<RebuildDifference>();
        while (await reader.ReadAsync(ct))
        {
            examples.Add(new RebuildDifference(reader.GetString(0), reader.GetString(1), reader.GetString(2)));
            totals[reader.GetString(0)] = reader.GetInt64(3);
        }

        return (totals.Values.Sum(), examples);
    }

    private static async Task<long> LivePositionAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectPosition, connection) { Parameters = { new() { Value = name } } };
        return (long)(await select.ExecuteScalarAsync(ct) ?? 0L);
    }

    private static async Task ExecuteAsync(NpgsqlConnection connection, string sql, string[] tables, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = tables } } };
        await command.ExecuteNonQueryAsync(ct);
    }
}
