using Npgsql;
using UsageLedger.Access;

namespace UsageLedger.Inbox;

/// <summary>Asks for a tenant's items, newest first.</summary>
/// <param name="Statuses">Only these; none: all but those that are done.</param>
/// <param name="After">The last item of the page before; null: from the newest.</param>
public sealed record ReadInbox(string Tenant, IReadOnlyList<string> Statuses, string? SourceId, InboxPlace? After, int Limit);

/// <inheritdoc cref="ReadInbox"/>
public static class ReadInboxHandler
{
    private const string Select = """
        select id, kind, source, status, attempts, next_attempt_at, reason, received_at, correlation_id, coalesce(octet_length(body), 0)
        from ledger.inbox_items
        where tenant = $1 and status = any($2) and ($3::text is null or source = $3)
          and ($4::timestamptz is null or (received_at, id) < ($4, $5))
        order by received_at desc, id desc limit $6
        """;

    private const string SelectOne = """
        select id, kind, source, status, attempts, next_attempt_at, reason, received_at, correlation_id, coalesce(octet_length(body), 0)
        from ledger.inbox_items where tenant = $1 and id = $2
        """;

    private static readonly string[] NotDone = [.. InboxStatuses.All.Where(status => status != InboxStatuses.Done)];

    public static async Task<InboxPage> Handle(ReadInbox query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, query.Tenant, Select);
        select.Parameters.Add(new() { Value = query.Tenant });
        select.Parameters.Add(new() { Value = query.Statuses.Count > 0 ? query.Statuses.ToArray() : NotDone });
        select.Parameters.Add(Columns.Of(query.SourceId));
        select.Parameters.Add(Columns.Of(query.After?.ReceivedAt));
        select.Parameters.Add(new() { Value = query.After?.Id ?? Guid.Empty });
        select.Parameters.Add(new() { Value = query.Limit + 1 });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var items = new List<InboxItemView>();
        while (await reader.ReadAsync(ct))
        {
            items.Add(Read(reader));
        }

        return items.Count > query.Limit
            ? new InboxPage(items[..query.Limit], new InboxPlace(items[query.Limit - 1].ReceivedAt, items[query.Limit - 1].Id))
            : new InboxPage(items, null);
    }

    /// <summary>The tenant's item of this id, or null.</summary>
    public static async Task<InboxItemView?> FindAsync(string tenant, Guid id, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var select = new TenantQuery(database, tenant, SelectOne);
        select.Parameters.Add(new() { Value = tenant });
        select.Parameters.Add(new() { Value = id });
        await using var reader = await select.ExecuteReaderAsync(ct);
        return await reader.ReadAsync(ct) ? Read(reader) : null;
    }

    private static InboxItemView Read(NpgsqlDataReader reader)
    {
        var status = reader.GetString(3);
        return new InboxItemView(
            reader.GetGuid(0), reader.GetString(1), reader.GetString(2), status, reader.GetInt32(4),
            status is InboxStatuses.Queued or InboxStatuses.Failed ? reader.GetInstant(5) : null,
            reader.GetStringOrNull(6),
            reader.GetInstant(7), reader.GetString(8), reader.GetInt32(9));
    }
}
