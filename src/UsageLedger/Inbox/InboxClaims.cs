using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Inbox;

/// <summary>Which of the inbox's work a group of workers does.</summary>
/// <param name="Runs">Runs, which take long; else what must not wait behind them.</param>
/// <param name="Fetches">Of the rest those that ask a vendor, who may hang; webhooks must not wait behind them either.</param>
public sealed record InboxLane(bool Runs, bool Fetches, int WorkersMax, TimeSpan WorkMax);

/// <summary>Hands out work under leases. The lease's time is the database's, for hosts' clocks differ.</summary>
public sealed class InboxClaims(NpgsqlDataSource database, IClock clock, InboxSeal seal, InboxOptions options)
{
    /// <summary>Claims of runs go one after another, so that no two hosts begin a run of one source.</summary>
    private const string OneAtATime = "select pg_advisory_xact_lock(7140, 1)";

    /// <summary>Each tenant in turn: those of whom this host holds least come first, and none may hold more than its share.</summary>
    private const string Claim = """
        with recursive tenants as (
            (select i.tenant from ledger.inbox_items i
             where i.is_run = $1 and i.status in ('queued', 'failed') order by i.tenant limit 1)
            union all
            select (select i.tenant from ledger.inbox_items i
                    where i.is_run = $1 and i.status in ('queued', 'failed') and i.tenant > t.tenant order by i.tenant limit 1)
            from tenants t where t.tenant is not null),
        held as (
            select i.tenant, count(*) as items from ledger.inbox_items i
            where i.status = 'running' and i.is_run = $1 and i.lease_owner = $2 group by i.tenant),
        due as materialized (
            select c.id, c.next_attempt_at, t.tenant, coalesce(h.items, 0) as held
            from tenants t
            left join held h on h.tenant = t.tenant
            cross join lateral (
                select i.id, i.next_attempt_at from ledger.inbox_items i
                where i.is_run = $1 and (i.kind in ('fetch', 'totals')) = $8 and i.tenant = t.tenant and i.status in ('queued', 'failed') and i.next_attempt_at <= $3
                  and ($6::uuid is null or i.id = $6)
                  and not ($1 and exists (
                      select from ledger.inbox_items o
                      where o.tenant = i.tenant and o.source = i.source and o.kind = 'collect' and o.status = 'running'))
                order by i.next_attempt_at limit $4
                for update skip locked) c
            where coalesce(h.items, 0) < $5),
        turns as (
            select id, next_attempt_at, held + row_number() over (partition by tenant order by next_attempt_at) as turn from due),
        picked as (
            select id from turns where turn <= $5 order by turn, next_attempt_at limit $4)
        update ledger.inbox_items i
        set status = 'running', hold = hold + 1, attempts = attempts + 1, lease_owner = $2, lease_until = now() + $7, reason = null, came_further = false
        from picked where i.id = picked.id
        returning i.id, i.tenant, i.kind, i.source, i.key, i.correlation_id, i.hold, i.attempts, i.received_at, i.body
        """;

    private const string Renew = """
        update ledger.inbox_items set lease_until = now() + $4
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string TakeBack = """
        update ledger.inbox_items i
        set status = case when died.tries >= $1 then 'dead' else 'queued' end, attempts = died.tries, lease_owner = null, lease_until = null,
            reason = case when died.tries >= $1 then 'worker_died: Whoever worked on it died, each time.' end
        from (select id, case when came_further then 1 else attempts end as tries from ledger.inbox_items
              where status = 'running' and lease_until < now() order by lease_until limit $2 for update skip locked) died
        where i.id = died.id
        """;

    private const int TakenBackMax = 1_000;

    /// <summary>Takes up to so many items that are due.</summary>
    /// <param name="only">This item and no other.</param>
    public async Task<IReadOnlyList<InboxItem>> TakeAsync(InboxLane lane, Guid owner, int count, CancellationToken ct, Guid? only = null)
    {
        seal.Unlock();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var batch = new NpgsqlBatch(connection);
        if (lane.Runs)
        {
            batch.BatchCommands.Add(new(OneAtATime));
        }

        batch.BatchCommands.Add(Claiming(lane, owner, lane.Runs ? 1 : count, only));
        await using var reader = await batch.ExecuteReaderAsync(ct);
        if (lane.Runs)
        {
            await reader.NextResultAsync(ct);
        }

        var items = new List<InboxItem>();
        while (await reader.ReadAsync(ct))
        {
            items.Add(Read(reader, owner));
        }

        return items;
    }

    /// <summary>Whether the item is still held; if not, another has it or an operator dropped it.</summary>
    public async Task<bool> RenewAsync(InboxItem item, CancellationToken ct)
    {
        await using var renew = database.CreateCommand(Renew);
        renew.Parameters.Add(new() { Value = item.Id });
        renew.Parameters.Add(new() { Value = item.Owner });
        renew.Parameters.Add(new() { Value = item.Hold });
        renew.Parameters.Add(new() { Value = options.Lease });
        return await renew.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Puts back what workers that died have left. How many.</summary>
    public async Task<int> TakeBackAsync(CancellationToken ct)
    {
        await using var takeBack = database.CreateCommand(TakeBack);
        takeBack.Parameters.Add(new() { Value = options.AttemptsMax });
        takeBack.Parameters.Add(new() { Value = TakenBackMax });
        return await takeBack.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlBatchCommand Claiming(InboxLane lane, Guid owner, int count, Guid? only) => new(Claim)
    {
        Parameters =
        {
            new() { Value = lane.Runs },
            new() { Value = owner },
            Columns.Of(clock.GetCurrentInstant()),
            new() { Value = count },
            new() { Value = InboxOptions.ShareOf(lane.WorkersMax) },
            new() { Value = (object?)only ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
            new() { Value = options.Lease },
            new() { Value = lane.Fetches },
        },
    };

    private InboxItem Read(NpgsqlDataReader reader, Guid owner)
    {
        var id = reader.GetGuid(0);
        return new InboxItem(
            id, reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), reader.GetString(5), owner,
            reader.GetInt64(6), reader.GetInt32(7), reader.GetInstant(8),
            reader.IsDBNull(9) ? default : Opened(id, reader.GetFieldValue<byte[]>(9)));
    }

    /// <summary>A body that does not open is empty: its work then says that it cannot be done, where a failure here would stop everybody's.</summary>
    private ReadOnlyMemory<byte> Opened(Guid id, byte[] body)
    {
        try
        {
            return seal.Open(id, body);
        }
        catch (KeyFileException)
        {
            return default;
        }
    }
}
