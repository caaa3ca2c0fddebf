using Npgsql;
using UsageLedger.Access;
using UsageLedger.Collecting.Runs;
using UsageLedger.Cycles;

namespace UsageLedger.Reporting;

/// <summary>One moment of the read models: all its statements see the same rows, and the position that the rows stand for.</summary>
/// <remarks>
/// The tables are locked (against being replaced, nothing else) before the first row is looked at: a rebuild that swapped them in between would
/// leave this moment with tables that hold nothing yet. They are named in the order in which a rebuild takes them.
/// A snapshot for a tenant stands behind the second wall: its statements see no rows of others in the read models.
/// </remarks>
public sealed class ReadSnapshot : IAsyncDisposable
{
    private const string HoldLines = "lock table read.cycle_aggregates, read.cycle_closings in access share mode";

    /// <summary>Those of a cycle's lines and of the time zones they go by, then those that its quality is made of beside them.</summary>
    private const string HoldCycles = """
        lock table read.cycle_aggregates, read.cycle_closings, read.cycle_tzdb, read.usage_buckets, read.unattributed_usage,
            read.captured_sources, read.captured_clients, read.coverage_days in access share mode
        """;

    private const string HoldCaptured =
        "lock table read.captured_sources, read.captured_hours, read.captured_clients, read.coverage_hours, read.vendor_totals in access share mode";

    private const string HoldUsage = "lock table read.late_usage, read.usage_days, read.usage_hours, read.usage_buckets in access share mode";
    private const string SelectPosition = "select coalesce((select position from ledger.projections where name = $1), 0)";

    /// <summary>The same, and enters for a tenant. It stands after the tables are held, since it is the first to look at rows.</summary>
    private const string EnterAtPosition = "select coalesce((select position from ledger.projections where name = $2), 0), " + TenantQuery.Entering;

    /// <summary>For the reads that people wait for most, those of cycles and of usage.</summary>
    private const string EnterAtPositionWithKeptPlan =
        "select coalesce((select position from ledger.projections where name = $2), 0), " + TenantQuery.EnteringWithKeptPlan;

    /// <summary>Nothing was written, so it ends in the round trip of the last statement instead of one of its own.</summary>
    private const string End = "commit";

    private readonly NpgsqlConnection connection;
    private readonly NpgsqlTransaction transaction;

    private ReadSnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, long position) =>
        (this.connection, this.transaction, Position) = (connection, transaction, position);

    /// <summary>Of the last event that the rows hold.</summary>
    public long Position { get; }

    /// <summary>Of the lines and closings of cycles.</summary>
    public static Task<ReadSnapshot> OfLinesAsync(NpgsqlDataSource database, string tenant, CancellationToken ct) =>
        OpenAsync(database, HoldLines, EnterAtPositionWithKeptPlan, CycleAggregates.ProjectionName, tenant, ct);

    /// <summary>The same, and a first question in the same round trip.</summary>
    internal static Task<(ReadSnapshot Snapshot, T Answer)> OfLinesAsync<T>(NpgsqlDataSource database, string tenant, FirstAsked<T> first, CancellationToken ct) =>
        OpenAsync(database, HoldLines, EnterAtPositionWithKeptPlan, CycleAggregates.ProjectionName, tenant, first, ct);

    /// <summary>Of the lines and closings of all tenants, for the ledger's own checks.</summary>
    public static Task<ReadSnapshot> OfAllLinesAsync(NpgsqlDataSource database, CancellationToken ct) =>
        OpenAsync(database, HoldLines, EnterAtPositionWithKeptPlan, CycleAggregates.ProjectionName, null, ct);

    /// <summary>Of the lines and closings of cycles, and of their quality.</summary>
    public static Task<ReadSnapshot> OfCyclesAsync(NpgsqlDataSource database, string tenant, CancellationToken ct) =>
        OpenAsync(database, HoldCycles, EnterAtPositionWithKeptPlan, CycleAggregates.ProjectionName, tenant, ct);

    /// <summary>The same, and a first question in the same round trip.</summary>
    internal static Task<(ReadSnapshot Snapshot, T Answer)> OfCyclesAsync<T>(NpgsqlDataSource database, string tenant, FirstAsked<T> first, CancellationToken ct) =>
        OpenAsync(database, HoldCycles, EnterAtPositionWithKeptPlan, CycleAggregates.ProjectionName, tenant, first, ct);

    /// <summary>Of usage by quarter hour.</summary>
    public static Task<ReadSnapshot> OfUsageAsync(NpgsqlDataSource database, string tenant, CancellationToken ct) =>
        OpenAsync(database, HoldUsage, EnterAtPositionWithKeptPlan, UsageBuckets.ProjectionName, tenant, ct);

    /// <summary>Of what was captured of the sources' usage, and what runs and vendors say of it.</summary>
    public static Task<ReadSnapshot> OfCapturedAsync(NpgsqlDataSource database, string tenant, CancellationToken ct) =>
        OpenAsync(database, HoldCaptured, EnterAtPosition, CapturedUsage.ProjectionName, tenant, ct);

    /// <summary>Within the snapshot's transaction.</summary>
    internal NpgsqlConnection Connection => connection;

    public NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlCommand(sql, connection, transaction);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    /// <summary>For statements that are asked in one go.</summary>
    public NpgsqlBatch Batch() => new(connection, transaction);

    /// <summary>Ends the snapshot behind these statements, which are the last that it is asked.</summary>
    public static void EndBehind(NpgsqlBatch last) => last.BatchCommands.Add(new(End));

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await connection.DisposeAsync();
    }

    private static async Task<ReadSnapshot> OpenAsync(
        NpgsqlDataSource database, string hold, string enter, string projection, string? tenant, CancellationToken ct) =>
        (await OpenAsync(database, hold, enter, projection, tenant, FirstAsked.Nothing, ct)).Snapshot;

    private static async Task<(ReadSnapshot Snapshot, T Answer)> OpenAsync<T>(
        NpgsqlDataSource database, string hold, string enter, string projection, string? tenant, FirstAsked<T> first, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            await using var batch = new NpgsqlBatch(connection, transaction) { BatchCommands = { new(hold), Entering(enter, projection, tenant) } };
            foreach (var command in first.Commands)
            {
                batch.BatchCommands.Add(command);
            }

            await using var reader = await batch.ExecuteReaderAsync(ct);
            await reader.ReadAsync(ct);
            var snapshot = new ReadSnapshot(connection, transaction, reader.GetInt64(0));
            await reader.NextResultAsync(ct);
            return (snapshot, await first.TakeAsync(reader, ct));
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static NpgsqlBatchCommand Entering(string enter, string projection, string? tenant) => tenant is null
        ? new(SelectPosition) { Parameters = { new() { Value = projection } } }
        : new(enter) { Parameters = { new() { Value = tenant }, new() { Value = projection } } };
}
