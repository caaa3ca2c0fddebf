using NodaTime;
using Npgsql;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.EventLog.Appending;

/// <summary>The end of the log as this appender remembers it; good for as long as the database's head agrees.</summary>
internal sealed class HeadState
{
    private const string Lock = "select position, recorded_at from ledger.log_head for update";

    /// <summary>Asked once the lock is held, so that waiting for it does not make the database's clock look slow.</summary>
    private const string Clock = "select clock_timestamp()";

    private const string Raise = """
        select setval('ledger.mt_events_sequence', h.position)
        from ledger.log_head h, ledger.mt_events_sequence s
        where h.position > s.last_value or (h.position = s.last_value and h.position > 0 and not s.is_called)
        """;

    /// <summary>Nothing is lost with this transaction, so nobody waits for the disk.</summary>
    private const string WithoutDisk = "set local synchronous_commit = off";

    /// <summary>The sequence is looked at (offset 0) once the lock is held; whoever else holds it raises the sequence himself.</summary>
    private const string RaiseIfFree = """
        with h as materialized (select position from ledger.log_head for update skip locked)
        select setval('ledger.mt_events_sequence', h.position)
        from h cross join lateral (
            select s.last_value, s.is_called from ledger.mt_events_sequence s where h.position >= s.last_value offset 0) s
        where h.position > s.last_value or not s.is_called
        """;

    private const string SelectEdge = """
        select t.level, t.hashes
        from generate_series(0, 6) as l (level)
        join ledger.log_tiles t on t.level = l.level and t.index = $1::bigint >> (8 * (l.level + 1))
        """;

    private TreeEdge? edge;

    public long Position { get; private set; }

    public Instant RecordedAt { get; private set; }

    /// <summary>The database's clock when the lock was taken.</summary>
    public Instant DatabaseTime { get; private set; }

    public TreeEdge Edge => edge ?? throw new InvalidOperationException("The head has not been locked.");

    public StreamVersions Versions { get; } = new();

    /// <summary>
    /// Takes the log's one lock until the transaction ends. Holding it, brings Marten's sequence up to the committed
    /// head: only numbers that are committed are ever passed, and the lock keeps a slower process from lowering it.
    /// </summary>
    public async Task LockAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(Lock), new(Clock), new(Raise) } };
        await using var reader = await batch.ExecuteReaderAsync();
        await reader.ReadAsync();
        var position = reader.GetInt64(0);
        var recordedAt = Instant.FromDateTimeUtc(reader.GetDateTime(1));
        await reader.NextResultAsync();
        await reader.ReadAsync();
        DatabaseTime = Instant.FromDateTimeUtc(reader.GetDateTime(0));
        await reader.DisposeAsync();
        if (edge is null || position != Position)
        {
            Versions.Forget();
            edge = await LoadEdgeAsync(connection, position);
        }

        (Position, RecordedAt) = (position, recordedAt);
        Versions.Begin();
    }

    /// <summary>Brings Marten's sequence up to the committed head, without waiting for anybody.</summary>
    public static async Task RaiseSequenceAsync(NpgsqlConnection connection)
    {
        await using var batch = new NpgsqlBatch(connection) { BatchCommands = { new(WithoutDisk), new(RaiseIfFree) } };
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>The transaction committed: what it wrote is the head now.</summary>
    public void Advance(long position, Instant recordedAt) => (Position, RecordedAt) = (position, recordedAt);

    /// <summary>The transaction failed, or nobody knows: ask the database next time.</summary>
    public void Forget()
    {
        edge = null;
        Versions.Forget();
    }

    private static async Task<TreeEdge> LoadEdgeAsync(NpgsqlConnection connection, long size)
    {
        await using var select = new NpgsqlCommand(SelectEdge, connection) { Parameters = { new() { Value = size } } };
        await using var reader = await select.ExecuteReaderAsync();
        var tiles = new ReadOnlyMemory<byte>[TreeTile.LevelsMax];
        while (await reader.ReadAsync())
        {
            tiles[reader.GetInt16(0)] = reader.GetFieldValue<byte[]>(1);
        }

        try
        {
            return TreeEdge.Restore(size, tiles);
        }
        catch (ArgumentException torn)
        {
            throw new TornTreeException($"The tiles of the tree do not fit the log's head, which is at {size}. Run 'ledger verify'; the log takes nothing until they do.", torn);
        }
    }
}
