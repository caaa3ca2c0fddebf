using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>
/// A lock held by a session of the database: it ends with the connection, and by name before a pooled connection goes back,
/// which would otherwise keep it.
/// </summary>
internal sealed class AdvisoryLock : IAsyncDisposable
{
    private const string TryTake = "select pg_try_advisory_lock($1, hashtext($2))";
    private const string Take = "select pg_advisory_lock($1, hashtext($2))";
    private const string Release = "select pg_advisory_unlock($1, hashtext($2))";

    private readonly NpgsqlConnection connection;
    private readonly int kind;
    private readonly string name;

    private AdvisoryLock(NpgsqlConnection connection, int kind, string name) => (this.connection, this.kind, this.name) = (connection, kind, name);

    public static async Task<AdvisoryLock?> TryTakeAsync(NpgsqlConnection connection, int kind, string name, CancellationToken ct)
    {
        await using var take = Command(TryTake, connection, kind, name);
        return await take.ExecuteScalarAsync(ct) is true ? new AdvisoryLock(connection, kind, name) : null;
    }

    public static async Task<AdvisoryLock> TakeAsync(NpgsqlConnection connection, int kind, string name, CancellationToken ct)
    {
        await using var take = Command(Take, connection, kind, name);
        take.CommandTimeout = 0;
        await take.ExecuteNonQueryAsync(ct);
        return new AdvisoryLock(connection, kind, name);
    }

    public async ValueTask DisposeAsync()
    {
        if (connection.State != System.Data.ConnectionState.Open)
        {
            return;
        }

        try
        {
            await using var release = Command(Release, connection, kind, name);
            await release.ExecuteNonQueryAsync();
        }
        catch (Exception failure) when (DatabaseFailure.Is(failure))
        {
            // The session is gone, and the lock with it.
            await connection.CloseAsync();
        }
    }

    private static NpgsqlCommand Command(string sql, NpgsqlConnection connection, int kind, string name) =>
        new(sql, connection) { Parameters = { new() { Value = kind }, new() { Value = name } } };
}
