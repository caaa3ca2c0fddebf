using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Reading;

namespace UsageLedger.Auditing;

/// <summary>
/// Finds events by filter, in order. A page looks through a bounded number of events, by whichever list of the log is shortest, and may
/// therefore hold fewer than asked for, even none, although more follow.
/// </summary>
public sealed class EventSearch(NpgsqlDataSource database, LogReader log)
{
    /// <summary>Positions that a page looks through where no list leads to the events.</summary>
    public const int PositionsMax = 100_000;

    /// <summary>Events of a stream or type that a page looks through.</summary>
    public const int ListedMax = 20_000;

    private const int StreamsMax = 100;
    private const int SparseShare = 20;

    private const string Columns = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        """;

    private const string Matching = """

        where e.tenant_id = $1 and e.seq_id > $2 and e.seq_id <= $3
          and ($5::varchar[] is null or e.type = any($5))
          and ($6::varchar[] is null or e.stream_id = any($6))
          and ($7::varchar is null or e.correlation_id = $7)
          and ($8::text is null or $8 = coalesce(e.data ->> 'source', e.data -> 'current' ->> 'source', e.data -> 'previous' ->> 'source', e.data ->> 'sourceId'))
        order by e.seq_id limit $4
        """;

    // "offset 0" holds the planner to the primary key: guessing that a tenant is small, it would sort all events of a large one.
    private const string SelectRange = Columns + """

        from (select * from ledger.mt_events where seq_id > $2 and seq_id <= $3 order by seq_id offset 0) e
        """ + Matching;

    private const string SelectListed = Columns + """

        from unnest($5::varchar[]) as w (type)
        join ledger.log_types t on t.type = w.type and t.seq_id > $2 and t.seq_id <= $3
        join ledger.mt_events e on e.seq_id = t.seq_id
        """ + Matching;

    private const string SelectStreams = Columns + """

        from unnest($9::varchar[], $10::bigint[]) as s (id, version)
        join ledger.mt_events e on e.tenant_id = $1 and e.stream_id = s.id and e.version >= s.version and e.version < s.version + $11
        """ + Matching;

    private const string SelectListedThrough = """
        select min(cut.seq_id)
        from unnest($1::varchar[]) as w (type)
        cross join lateral (
            select t.seq_id from ledger.log_types t where t.type = w.type and t.seq_id > $2 order by t.seq_id offset $3 - 1 limit 1) cut
        """;

    private const string SelectTenant = """
        select coalesce(array_agg(s.id), '{}'), coalesce(sum(s.version), 0)::bigint
        from (select id, version from ledger.mt_streams where tenant_id = $1 limit $2) s
        """;

    /// <summary>The first events after a position.</summary>
    /// <param name="after">The end of the page before, or 0.</param>
    public async Task<EventPage> FindAsync(EventFilter filter, long after, int limit, CancellationToken ct)
    {
        var head = await log.HeadAsync(ct);
        var first = filter.From is { } from ? await PositionsInTime.FirstNotBeforeAsync(database, from, head, ct) : 1;
        var end = filter.To is { } to ? await PositionsInTime.FirstNotBeforeAsync(database, to, head, ct) : head + 1;
        (after, var upTo) = (Math.Max(after, first - 1), end - 1);
        if (filter.HasListedTypesOnly)
        {
            var window = Cut(after, upTo, await ListedThroughAsync(filter, after, ct));
            return await PageAsync(Command(SelectListed, filter, window, limit), window, limit, ct);
        }

        if ((filter.Streams ?? await StreamsOfSparseAsync(filter.Tenant, upTo - after, ct)) is { } streams)
        {
            var each = ListedMax / Math.Max(1, streams.Length);
            var places = await StreamPlaces.FindAsync(database, filter.Tenant, streams, after, each, ct);
            var window = Cut(after, upTo, places.Through);
            var command = Command(SelectStreams, filter, window, limit);
            command.Parameters.Add(new() { Value = places.Streams });
            command.Parameters.Add(new() { Value = places.Versions });
            command.Parameters.Add(new() { Value = (long)each });
            return await PageAsync(command, window, limit, ct);
        }

        var range = Cut(after, upTo, after + PositionsMax);
        return await PageAsync(Command(SelectRange, filter, range, limit), range, limit, ct);
    }

    private static ScanWindow Cut(long after, long upTo, long? through) => new(after, Math.Min(upTo, through ?? upTo), upTo);

    /// <summary>The streams of a tenant of which there is little between the events of others; null when much of what is looked through is its own.</summary>
    private async Task<string[]?> StreamsOfSparseAsync(string tenant, long positions, CancellationToken ct)
    {
        if (positions <= PositionsMax)
        {
            return null;
        }

        await using var select = database.CreateCommand(SelectTenant);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = StreamsMax + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        var streams = reader.GetFieldValue<string[]>(0);
        return streams.Length <= StreamsMax && reader.GetInt64(1) < positions / SparseShare ? streams : null;
    }

    private async Task<long?> ListedThroughAsync(EventFilter filter, long after, CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectListedThrough);
        select.Parameters.Add(new() { Value = filter.Types.ToArray() });
        select.Parameters.Add(new() { Value = after });
        select.Parameters.Add(new() { Value = ListedMax });
        return await select.ExecuteScalarAsync(ct) as long?;
    }

    private NpgsqlCommand Command(string sql, EventFilter filter, ScanWindow window, int limit)
    {
        var command = database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = filter.Tenant });
        command.Parameters.Add(new() { Value = window.After });
        command.Parameters.Add(new() { Value = window.Through });

        // One more than asked for tells whether anything follows.
        command.Parameters.Add(new() { Value = limit + 1 });
        command.Parameters.Add(Optional(filter.Types.Count > 0 ? filter.Types.ToArray() : null, NpgsqlDbType.Array | NpgsqlDbType.Varchar));
        command.Parameters.Add(Optional(filter.Streams, NpgsqlDbType.Array | NpgsqlDbType.Varchar));
        command.Parameters.Add(Optional(filter.CorrelationId, NpgsqlDbType.Varchar));
        command.Parameters.Add(Optional(filter.Source, NpgsqlDbType.Text));
        return command;
    }

    private static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };

    private static async Task<EventPage> PageAsync(NpgsqlCommand command, ScanWindow window, int limit, CancellationToken ct)
    {
        await using var select = command;
        if (window.IsEmpty)
        {
            return new EventPage([], null);
        }

        var events = new List<StoredEvent>();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            if (events.Count == limit)
            {
                return new EventPage(events, events[^1].Position);
            }

            events.Add(EventRow.Read(reader, 0));
        }

        return new EventPage(events, window.IsCut ? window.Through : null);
    }
}

/// <param name="Next">Where the next page starts after; null when nothing follows now.</param>
public sealed record EventPage(IReadOnlyList<StoredEvent> Events, long? Next);
