using Npgsql;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Where a projection stands.</summary>
/// <param name="State"><c>running</c>, or <c>stopped</c> at <paramref name="FailedPosition"/> because of <paramref name="Error"/>.</param>
/// <param name="Lag">Events in the log that it has not taken yet.</param>
/// <param name="StillSeconds">For how long it has not moved though an event waits.</param>
public sealed record ProjectionStatus(string Name, long Position, long Lag, string State, long? FailedPosition, string? Error, long StillSeconds = 0);

/// <summary>The places that the projections have reached in the log.</summary>
public static class ProjectionStore
{
    private const string Register = "insert into ledger.projections (name) select unnest($1::text[]) on conflict (name) do nothing";
    private const string Lock = "select position, state from ledger.projections where name = $1 for update";
    private const string Move = "update ledger.projections set position = $2, state = 'running', failed_position = null, error = null, updated_at = now() where name = $1";
    private const string StopAt = "update ledger.projections set state = 'stopped', failed_position = $2, error = $3, updated_at = now() where name = $1";
    private const string Restart = "update ledger.projections set state = 'running', failed_position = null, error = null, updated_at = now() where name = $1 and state = 'stopped'";

    private const string SelectAll = """
        select p.name, p.position, h.position - p.position, p.state, p.failed_position, p.error,
               coalesce(extract(epoch from now() - greatest(p.updated_at, e.timestamp))::bigint, 0)
        from ledger.projections p cross join ledger.log_head h
        left join ledger.mt_events e on e.seq_id = p.position + 1
        order by p.name
        """;

    private const string SelectLowest = "select coalesce(min(position), 0) from ledger.projections where name = any($1)";

    public static async Task RegisterAsync(NpgsqlDataSource database, IEnumerable<string> names, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Register);
        command.Parameters.Add(new() { Value = names.ToArray() });
        await command.ExecuteNonQueryAsync(ct);
    }

    public static async Task<IReadOnlyList<ProjectionStatus>> AllAsync(NpgsqlDataSource database, CancellationToken ct)
    {
        await using var command = database.CreateCommand(SelectAll);
        await using var reader = await command.ExecuteReaderAsync(ct);
        var all = new List<ProjectionStatus>();
        while (await reader.ReadAsync(ct))
        {
            all.Add(new ProjectionStatus(
                reader.GetString(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetString(3),
                reader.IsDBNull(4) ? null : reader.GetInt64(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                reader.GetInt64(2) > 0 ? Math.Max(0, reader.GetInt64(6)) : 0));
        }

        return all;
    }

    /// <summary>The position that all of these projections have reached.</summary>
    public static async Task<long> LowestAsync(NpgsqlDataSource database, string[] names, CancellationToken ct)
    {
        await using var command = database.CreateCommand(SelectLowest);
        command.Parameters.Add(new() { Value = names });
        return (long)(await command.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Lets a stopped projection try its failed event again.</summary>
    /// <returns>Whether it was stopped.</returns>
    public static async Task<bool> ResumeAsync(NpgsqlDataSource database, string name, CancellationToken ct)
    {
        await using var command = database.CreateCommand(Restart);
        command.Parameters.Add(new() { Value = name });
        return await command.ExecuteNonQueryAsync(ct) > 0;
    }

    internal static async Task ResumeAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Restart, connection) { Parameters = { new() { Value = name } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    internal static async Task<(long Position, bool Stopped)> LockAsync(NpgsqlConnection connection, string name, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Lock, connection) { Parameters = { new() { Value = name } } };
        await using var reader = await command.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct)
            ? (reader.GetInt64(0), reader.GetString(1) == "stopped")
            : throw new InvalidOperationException($"The projection {name} is not registered.");
    }

    internal static async Task MoveAsync(NpgsqlConnection connection, string name, long position, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(Move, connection) { Parameters = { new() { Value = name }, new() { Value = position } } };
        await command.ExecuteNonQueryAsync(ct);
    }

    internal static async Task StopAsync(NpgsqlConnection connection, string name, long position, string error, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(StopAt, connection)
        {
            Parameters = { new() { Value = name }, new() { Value = position }, new() { Value = error } },
        };
        await command.ExecuteNonQueryAsync(ct);
    }
}
