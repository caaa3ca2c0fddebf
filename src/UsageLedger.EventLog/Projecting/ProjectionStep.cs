using Npgsql;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.EventLog.Projecting;

/// <summary>Carries one projection over a range of positions, within the caller's transaction; live and rebuild go the same way.</summary>
internal static class ProjectionStep
{
    /// <summary>Groups are few and rows are many, which the planner cannot know: it would sort them all.</summary>
    private const string LiveSession = """
        set local search_path = read, pg_temp;
        set local enable_sort = off;
        set local plan_cache_mode = force_custom_plan;
        """;

    private const string RebuildSession = """
        set local search_path = read_next, read, pg_temp;
        set local enable_sort = off;
        set local plan_cache_mode = force_custom_plan;
        set local work_mem = '64MB';
        """;

    /// <summary>A cursor, so that no more is read than is kept. It is closed with the transaction, if not before.</summary>
    private const string DeclareFolded = """
        declare folded no scroll cursor for
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.log_types t
        join ledger.mt_events e on e.seq_id = t.seq_id
        where t.type = any($1) and t.seq_id > $2 and t.seq_id <= $3
        order by t.seq_id limit $4
        """;

    private const string FetchFolded = "fetch 16 from folded";
    private const string CloseFolded = "close folded";
    private const int FetchMax = 16;

    private const int FoldedMax = 1_000;

    /// <summary>Of the data of events that are folded in one step; the fetch that reaches it is the last.</summary>
    private const int FoldedBytesMax = 16 * 1024 * 1024;

    public static async Task PrepareAsync(NpgsqlConnection connection, IProjection projection, bool rebuilding, long position, CancellationToken ct)
    {
        await BeginAsync(connection, rebuilding, ct);
        await projection.PrepareAsync(connection, position, ct);
    }

    /// <summary>The place that was reached: <paramref name="upTo"/>, or less where many events had to be folded.</summary>
    public static async Task<long> RunAsync(
        NpgsqlConnection connection, IProjection projection, bool rebuilding, long after, long upTo, CancellationToken ct)
    {
        // Before the settings, which suit the big statement and nothing else.
        var (folded, areAll) = await FoldedAsync(connection, projection, after, upTo, ct);
        await ProjectionPoints.EventsRead.ReachAsync();
        await BeginAsync(connection, rebuilding, ct);
        await ProjectionPoints.SessionSet.ReachAsync();
        foreach (var stored in folded)
        {
            if (stored.Position - 1 > after)
            {
                await AdvanceAsync(connection, projection, after, stored.Position - 1, ct);
            }

            await FoldAsync(connection, projection, stored, ct);
            await ProjectionPoints.Folded.ReachAsync();
            after = stored.Position;
        }

        if (!areAll)
        {
            return after;
        }

        if (upTo > after)
        {
            await AdvanceAsync(connection, projection, after, upTo, ct);
        }

        return upTo;
    }

    private static async Task BeginAsync(NpgsqlConnection connection, bool rebuilding, CancellationToken ct)
    {
        await using var session = new NpgsqlCommand(rebuilding ? RebuildSession : LiveSession, connection);
        await session.ExecuteNonQueryAsync(ct);
    }

    private static async Task AdvanceAsync(NpgsqlConnection connection, IProjection projection, long after, long upTo, CancellationToken ct)
    {
        try
        {
            await projection.AdvanceAsync(connection, after, upTo, ct);
        }
        catch (Exception failure) when (!Transient.Is(failure))
        {
            throw new ProjectionFailure(after + 1, upTo, failure);
        }
    }

    private static async Task FoldAsync(NpgsqlConnection connection, IProjection projection, StoredEvent stored, CancellationToken ct)
    {
        try
        {
            await projection.FoldAsync(connection, stored, ct);
        }
        catch (Exception failure) when (!Transient.Is(failure))
        {
            throw new ProjectionFailure(stored.Position, stored.Position, failure);
        }
    }

    private static async Task<(List<StoredEvent> Events, bool AreAll)> FoldedAsync(
        NpgsqlConnection connection, IProjection projection, long after, long upTo, CancellationToken ct)
    {
        if (projection.FoldedTypes.Count == 0)
        {
            return ([], true);
        }

        await using var declare = new NpgsqlCommand(DeclareFolded, connection)
        {
            Parameters =
            {
                new() { Value = projection.FoldedTypes.ToArray() },
                new() { Value = after },
                new() { Value = upTo },
                new() { Value = FoldedMax },
            },
        };
        await declare.ExecuteNonQueryAsync(ct);
        var (events, bytes, areAll) = (new List<StoredEvent>(), 0L, false);
        while (!areAll && bytes < FoldedBytesMax)
        {
            var known = events.Count;
            await FetchAsync(connection, events, ct);
            bytes += events.Skip(known).Sum(stored => (long)stored.Data.Utf8.Length);
            areAll = events.Count - known < FetchMax;
        }

        await using var close = new NpgsqlCommand(CloseFolded, connection);
        await close.ExecuteNonQueryAsync(ct);
        return (events, areAll && events.Count < FoldedMax);
    }

    private static async Task FetchAsync(NpgsqlConnection connection, List<StoredEvent> events, CancellationToken ct)
    {
        await using var fetch = new NpgsqlCommand(FetchFolded, connection);
        await using var reader = await fetch.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            events.Add(Read(reader));
        }
    }

    private static StoredEvent Read(NpgsqlDataReader reader)
    {
        try
        {
            return EventRow.Read(reader, 0);
        }
        catch (Exception failure) when (!Transient.Is(failure))
        {
            throw new ProjectionFailure(reader.GetInt64(0), reader.GetInt64(0), failure);
        }
    }
}
