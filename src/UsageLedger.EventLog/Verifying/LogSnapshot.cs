using System.Data;
using Npgsql;

namespace UsageLedger.EventLog.Verifying;

/// <summary>Several connections that see the database as it was at one instant, while appends go on; none of them writes.</summary>
internal sealed class LogSnapshot : IAsyncDisposable
{
    private const string OnlyRead = "set transaction read only";
    private const string Export = "select pg_export_snapshot()";

    private readonly List<NpgsqlConnection> opened = [];

    private LogSnapshot()
    {
    }

    public NpgsqlConnection Rows => opened[0];

    public NpgsqlConnection Tiles => opened[1];

    public NpgsqlConnection Lists => opened[2];

    public static async Task<LogSnapshot> OpenAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        var snapshot = new LogSnapshot();
        try
        {
            await snapshot.BeginAsync(database, OnlyRead, ct);
            await using var export = new NpgsqlCommand(Export, snapshot.Rows);
            var name = (string)(await export.ExecuteScalarAsync(ct))!;

            // The statement takes no parameter; the name is the server's own and holds hex digits and dashes.
            await snapshot.BeginAsync(database, $"set transaction snapshot '{name}'", ct);
            await snapshot.BeginAsync(database, $"set transaction snapshot '{name}'", ct);
            return snapshot;
        }
        catch
        {
            await snapshot.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        // The transactions end with their connections: there is nothing to commit.
        foreach (var connection in opened)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task BeginAsync(NpgsqlDataSource database, string setting, CancellationToken ct)
    {
        var connection = await database.OpenConnectionAsync(ct);
        opened.Add(connection);
        await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var set = new NpgsqlCommand(setting, connection);
        await set.ExecuteNonQueryAsync(ct);
    }
}
