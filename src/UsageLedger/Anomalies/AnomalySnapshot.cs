using Npgsql;

namespace UsageLedger.Anomalies;

/// <summary>One moment of the read models that hours are judged by, and the position that usage stands at.</summary>
/// <remarks>The tables are locked against being replaced before the first row is looked at, in the order in which a rebuild takes them.</remarks>
internal sealed class AnomalySnapshot : IAsyncDisposable
{
    private const string Path = "set local search_path = read, pg_temp";
    private const string Hold = "lock table read.anomalies, read.late_usage, read.usage_buckets in access share mode";
    private const string SelectPosition = "select coalesce((select position from ledger.projections where name = 'usage_buckets'), 0)";

    private readonly NpgsqlTransaction transaction;

    private AnomalySnapshot(NpgsqlConnection connection, NpgsqlTransaction transaction, long position) =>
        (Connection, this.transaction, Position) = (connection, transaction, position);

    public NpgsqlConnection Connection { get; }

    public long Position { get; }

    public static async Task<AnomalySnapshot> OpenAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        try
        {
            var transaction = await connection.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, ct);
            await using var batch = new NpgsqlBatch(connection, transaction)
            {
                BatchCommands = { new(Path), new(Hold), new(SelectPosition) },
            };
            return new AnomalySnapshot(connection, transaction, (long)(await batch.ExecuteScalarAsync(ct))!);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await Connection.DisposeAsync();
    }
}
