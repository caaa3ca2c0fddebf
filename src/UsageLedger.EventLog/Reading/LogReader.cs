using System.Runtime.CompilerServices;
using Npgsql;

namespace UsageLedger.EventLog.Reading;

/// <summary>Reads the log in order, a bounded page at a time.</summary>
public sealed class LogReader(NpgsqlDataSource database)
{
    /// <summary>Events held in memory at once.</summary>
    public const int PageEvents = 1_000;

    private const string SelectRange = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.seq_id > $1 and e.seq_id <= $2
        order by e.seq_id limit $3
        """;

    private const string SelectStream = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.version > $3
        order by e.version limit $4
        """;

    private const string SelectTypes = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.log_types t
        join ledger.mt_events e on e.seq_id = t.seq_id
        where t.type = any($1) and t.seq_id > $2 and t.seq_id <= $3
        order by t.seq_id limit $4
        """;

    private const string SelectTenant = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.tenant_id = $1 and e.type = any($2) and e.seq_id > $3 and e.seq_id <= $4
        order by e.seq_id limit $5
        """;

    private const string SelectById = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.id = $1 and e.tenant_id = $2
        """;

    private const string SelectAt = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.mt_events e
        where e.seq_id = $1 and e.tenant_id = $2
        """;

    private const string SelectAbout = """
        select e.seq_id, e.id, e.tenant_id, e.stream_id, e.version, e.type, e.timestamp, e.correlation_id, e.data::text
        from ledger.log_subjects s
        join ledger.mt_events e on e.seq_id = s.seq_id
        where s.subject = $1 and s.seq_id > $2 and e.tenant_id = $3
        order by s.seq_id limit $4
        """;

    /// <summary>A tenant's next page may lie behind millions of events of others.</summary>
    private const int TenantPageSeconds = 15 * 60;

    private const string SelectHead = "select position from ledger.log_head";

    /// <summary>The position of the last event; 0 if there is none.</summary>
    public async Task<long> HeadAsync(CancellationToken ct)
    {
        await using var select = database.CreateCommand(SelectHead);
        return (long)(await select.ExecuteScalarAsync(ct))!;
    }

    /// <summary>Every event of every tenant with <paramref name="after"/> &lt; position &lt;= <paramref name="upTo"/>.</summary>
    public IAsyncEnumerable<StoredEvent> RangeAsync(long after, long upTo, CancellationToken ct) =>
        PagesAsync(
            from => Command(SelectRange, new() { Value = from }, new() { Value = upTo }, new() { Value = PageEvents }),
            after, last => last.Position, ct);

    /// <summary>The events of one stream after a version.</summary>
    public IAsyncEnumerable<StoredEvent> StreamAsync(string tenant, string stream, long afterVersion, CancellationToken ct) =>
        PagesAsync(
            from => Command(SelectStream, new() { Value = tenant }, new() { Value = stream }, new() { Value = from }, new() { Value = PageEvents }),
            afterVersion, last => last.Version, ct);

    /// <summary>The events of these types, which must not be bulk types: of those no list is kept.</summary>
    public IAsyncEnumerable<StoredEvent> TypesAsync(string[] types, long after, long upTo, CancellationToken ct) =>
        PagesAsync(
            from => Command(SelectTypes, new() { Value = types }, new() { Value = from }, new() { Value = upTo }, new() { Value = PageEvents }),
            after, last => last.Position, ct);

    /// <summary>A tenant's events of these types, of whatever stream. It takes as long as the log has events there, of all tenants.</summary>
    public IAsyncEnumerable<StoredEvent> TenantAsync(string tenant, string[] types, long after, long upTo, CancellationToken ct) =>
        PagesAsync(
            from =>
            {
                var command = Command(
                    SelectTenant, new() { Value = tenant }, new() { Value = types }, new() { Value = from }, new() { Value = upTo }, new() { Value = PageEvents });
                command.CommandTimeout = TenantPageSeconds;
                return command;
            },
            after, last => last.Position, ct);

    /// <summary>The events about an earlier one: its revisions, voids and moves, in order.</summary>
    public IAsyncEnumerable<StoredEvent> AboutAsync(string tenant, Guid subject, CancellationToken ct) =>
        PagesAsync(
            from => Command(SelectAbout, new() { Value = subject }, new() { Value = from }, new() { Value = tenant }, new() { Value = PageEvents }),
            0, last => last.Position, ct);

    /// <summary>The tenant's event of this id, or null.</summary>
    public Task<StoredEvent?> FindAsync(string tenant, Guid id, CancellationToken ct) =>
        SingleAsync(Command(SelectById, new() { Value = id }, new() { Value = tenant }), ct);

    /// <summary>The tenant's event at this position, or null.</summary>
    public Task<StoredEvent?> AtAsync(string tenant, long position, CancellationToken ct) =>
        SingleAsync(Command(SelectAt, new() { Value = position }, new() { Value = tenant }), ct);

    private static async Task<StoredEvent?> SingleAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var select = command;
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? EventRow.Read(reader, 0) : null;
    }

    private static async IAsyncEnumerable<StoredEvent> PagesAsync(
        Func<long, NpgsqlCommand> command, long after, Func<StoredEvent, long> place, [EnumeratorCancellation] CancellationToken ct)
    {
        var page = new List<StoredEvent>(PageEvents);
        do
        {
            page.Clear();
            await using (var select = command(after))
            await using (var reader = await select.ExecuteReaderAsync(ct))
            {
                while (await reader.ReadAsync(ct))
                {
                    page.Add(EventRow.Read(reader, 0));
                }
            }

            foreach (var stored in page)
            {
                yield return stored;
            }

            after = page.Count > 0 ? place(page[^1]) : after;
        }
        while (page.Count == PageEvents);
    }

    private NpgsqlCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = database.CreateCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }
}
