using Npgsql;
using UsageLedger.EventLog.Proof;
using UsageLedger.Inbox;
using UsageLedger.Access;

namespace UsageLedger.Collecting.Runs;

/// <summary>Asks for a tenant's runs, newest first.</summary>
/// <param name="After">The last run of the page before; null: from the newest.</param>
public sealed record ReadRuns(string Tenant, string? SourceId, string? Status, InboxPlace? After, int Limit);

/// <param name="Next">The last run's place; null when nothing follows.</param>
public sealed record RunPage(IReadOnlyList<RunView> Runs, InboxPlace? Next);

/// <summary>Handles <see cref="ReadRuns"/>. While a run is in the inbox that tells how far it is; later its events do.</summary>
public static class ReadRunsHandler
{
    private const string Select = """
        select * from (
            (select i.id, i.source, i.received_at,
                    case i.status when 'done' then 'completed' when 'quarantined' then 'dead' else i.status end as status,
                    i.reason, i.body, null::timestamptz, null::timestamptz, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
                    null::timestamptz, null::timestamptz
             from ledger.inbox_items i
             where i.tenant = $1 and i.kind = 'collect' and ($2::text is null or i.source = $2)
               and ($3::timestamptz is null or (i.received_at, i.id) < ($3, $4))
               and ($5::text is null or case i.status when 'done' then 'completed' when 'quarantined' then 'dead' else i.status end = $5)
             order by i.received_at desc, i.id desc limit $6)
            union all
            (select c.run_id, c.source_id, c.requested_at, case c.status when 'completed' then 'completed' else 'failed' end,
                    case c.status when 'started' then 'dropped: An operator dropped the run before its end.' else c.error end,
                    null, c.from_at, c.to_at, c.pages, c.records, c.accepted, c.duplicates, c.revised, c.rejected, c.started_at, c.ended_at
             from read.collections c
             where c.tenant_id = $1 and ($2::text is null or c.source_id = $2)
               and ($3::timestamptz is null or (c.requested_at, c.run_id) < ($3, $4))
               and ($5::text is null or case c.status when 'completed' then 'completed' else 'failed' end = $5)
               and not exists (select from ledger.inbox_items i where i.id = c.run_id)
             order by c.requested_at desc, c.run_id desc limit $6)) as runs
        order by 3 desc, 1 desc limit $6
        """;

    /// <summary>By its id alone: who waits for a run asks for it several times a second.</summary>
    private const string SelectOne = """
        select i.id, i.source, i.received_at,
               case i.status when 'done' then 'completed' when 'quarantined' then 'dead' else i.status end,
               i.reason, i.body, null::timestamptz, null::timestamptz, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint, 0::bigint,
               null::timestamptz, null::timestamptz
        from ledger.inbox_items i
        where i.tenant = $1 and i.kind = 'collect' and i.id = $2
        union all
        select c.run_id, c.source_id, c.requested_at, case c.status when 'completed' then 'completed' else 'failed' end,
               case c.status when 'started' then 'dropped: An operator dropped the run before its end.' else c.error end,
               null, c.from_at, c.to_at, c.pages, c.records, c.accepted, c.duplicates, c.revised, c.rejected, c.started_at, c.ended_at
        from read.collections c
        where c.tenant_id = $1 and c.run_id = $2 and not exists (select from ledger.inbox_items i where i.id = c.run_id)
        """;

    public static async Task<RunPage> Handle(ReadRuns query, NpgsqlDataSource database, InboxSeal seal, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(Columns.Of(query.SourceId));
        select.Parameters.Add(Columns.Of(query.After?.ReceivedAt));
        select.Parameters.Add(new() { Value = query.After?.Id ?? Guid.Empty });
        select.Parameters.Add(Columns.Of(query.Status));
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (runs, places) = (new List<RunView>(), new List<InboxPlace>());
        while (await reader.ReadAsync(ct))
        {
            runs.Add(Read(reader, seal));
            places.Add(new InboxPlace(reader.GetInstant(2), reader.GetGuid(0)));
        }

        return runs.Count > query.Limit ? new RunPage(runs[..query.Limit], places[query.Limit - 1]) : new RunPage(runs, null);
    }

    /// <summary>The tenant's run of this id, or null.</summary>
    public static async Task<RunView?> FindAsync(string tenant, Guid run, NpgsqlDataSource database, InboxSeal seal, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, tenant, SelectOne);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = run });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader, seal) : null;
    }

    private static RunView Read(NpgsqlDataReader reader, InboxSeal seal) => reader.IsDBNull(6) ? Kept(reader, seal) : Told(reader);

    private static RunView Kept(NpgsqlDataReader reader, InboxSeal seal) =>
        RunView.Of(reader.GetGuid(0), reader.GetString(1), reader.GetString(3), reader.GetStringOrNull(4), State(reader, seal));

    private static RunState? State(NpgsqlDataReader reader, InboxSeal seal)
    {
        try
        {
            return reader.IsDBNull(5) ? null : RunState.Read(seal.Open(reader.GetGuid(0), reader.GetFieldValue<byte[]>(5)));
        }
        catch (KeyFileException)
        {
            // The list must show the run all the same: its work says that it does not open.
            return null;
        }
    }

    private static RunView Told(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetString(1), reader.GetInstantOrNull(6), reader.GetInstantOrNull(7), reader.GetString(3), reader.GetInt64(8),
        reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11), reader.GetInt64(12), reader.GetInt64(13),
        reader.GetInstantOrNull(14), reader.GetInstantOrNull(15), reader.GetStringOrNull(4));
}
