using NodaTime;
using Npgsql;

namespace UsageLedger.Inbox;

/// <summary>Puts work into the inbox; what is in it is on disk.</summary>
public sealed class InboxStore(NpgsqlDataSource database, IClock clock, InboxSeal seal, InboxSignal signal)
{
    private const int TriesMax = 3;

    private const string Add = """
        with added as (
            insert into ledger.inbox_items (id, tenant, kind, source, key, status, next_attempt_at, body, received_at, correlation_id)
            values ($1, $2, $3, $4, $5, 'queued', $6, $7, $6, $8)
            on conflict (tenant, source, kind, key) do nothing
            returning id)
        select id, true from added
        union all
        select id, false from ledger.inbox_items
        where tenant = $2 and kind = $3 and source = $4 and key = $5 and not exists (select from added)
        """;

    private const string CountWaiting = """
        select count(*) from (
            select from ledger.inbox_items
            where tenant = $1 and source = $2 and kind = $3 and status in ('queued', 'running', 'failed') limit $4) as waiting
        """;

    private const string Notify = "select pg_notify('ledger_inbox', '')";

    /// <summary>How many of a source's items of a kind are not done and wait for nobody, or as many as were asked for.</summary>
    public async Task<int> WaitingAsync(string tenant, string source, string kind, int countMax, CancellationToken ct)
    {
        await using var count = database.CreateCommand(CountWaiting);
        count.Parameters.Add(new() { Value = tenant });
        count.Parameters.Add(new() { Value = source });
        count.Parameters.Add(new() { Value = kind });
        count.Parameters.Add(new() { Value = countMax });
        return (int)(long)(await count.ExecuteScalarAsync(ct))!;
    }

    /// <summary>The item's id, and whether it is new; when this returns it is on disk.</summary>
    public async Task<(Guid Id, bool IsNew)> AddAsync(NewInboxItem item, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await InboxPoints.Adding.ReachAsync();
        var added = await AddAsync(connection, item, ct);
        await InboxPoints.Added.ReachAsync();
        signal.Raise();
        return added;
    }

    /// <summary>As above, within the caller's transaction.</summary>
    internal async Task<(Guid Id, bool IsNew)> AddAsync(NpgsqlConnection connection, NewInboxItem item, CancellationToken ct)
    {
        for (var attempt = 0; attempt < TriesMax; attempt++)
        {
            var id = Guid.NewGuid();
            await using var batch = new NpgsqlBatch(connection) { BatchCommands = { Adding(id, item), new(Notify) } };
            await using var reader = await batch.ExecuteReaderAsync(ct);
            if (await reader.ReadAsync(ct))
            {
                return (reader.GetGuid(0), reader.GetBoolean(1));
            }
        }

        // Whoever put the same item in at the same moment had not committed it where we could see it.
        throw new TimeoutException("The item is being put into the inbox by others.");
    }

    private NpgsqlBatchCommand Adding(Guid id, NewInboxItem item) => new(Add)
    {
        Parameters =
        {
            new() { Value = id },
            new() { Value = item.Tenant },
            new() { Value = item.Kind },
            new() { Value = item.Source },
            new() { Value = item.Key },
            Columns.Of(clock.GetCurrentInstant()),
            new() { Value = seal.Seal(id, item.Body.Span) },
            new() { Value = item.CorrelationId },
        },
    };
}
