using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger.Inbox;

/// <summary>What the holder of an item may do with it. Each answers whether it still held it; if not, nothing was changed.</summary>
public sealed class InboxHolds(NpgsqlDataSource database, IClock clock, InboxSeal seal, InboxStore store, InboxOptions options)
{
    public const int ReasonMax = 500;

    private const string End = """
        update ledger.inbox_items
        set status = $4, reason = $5, ended_at = case $4 when 'queued' then null else $6 end, lease_owner = null, lease_until = null,
            next_attempt_at = $6, attempts = case $4 when 'queued' then 0 else attempts end,
            body = case when $7::bytea is not null then $7 when $4 = 'done' then null else body end
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string Fail = """
        update ledger.inbox_items
        set status = case when attempts >= $4 and not ($9 and came_further) then 'dead' else 'failed' end, reason = $5, lease_owner = null, lease_until = null,
            ended_at = case when attempts >= $4 and not ($9 and came_further) then $6 end,
            next_attempt_at = case when $9 and came_further then $8 else $7 end, attempts = case when $9 and came_further then 1 else attempts end
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string Postpone = """
        update ledger.inbox_items
        set status = 'failed', reason = $4, attempts = attempts - 1, lease_owner = null, lease_until = null, next_attempt_at = $5
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string GiveBack = """
        update ledger.inbox_items
        set status = 'queued', attempts = attempts - 1, lease_owner = null, lease_until = null
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string Save = """
        update ledger.inbox_items set body = $4, lease_until = now() + $5, came_further = came_further or $6
        where id = $1 and lease_owner = $2 and hold = $3 and status = 'running'
        """;

    private const string Notify = "select pg_notify('ledger_inbox', '')";

    /// <summary>Ends the item and puts in what follows from it, together.</summary>
    public async Task<bool> EndAsync(InboxItem item, InboxOutcome outcome, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        await InboxPoints.Ending.ReachAsync();
        await using (var end = Held(connection, End, item))
        {
            end.Parameters.Add(new() { Value = outcome.Status });
            end.Parameters.Add(Text(outcome.Reason));
            end.Parameters.Add(Columns.Of(clock.GetCurrentInstant()));
            end.Parameters.Add(new()
            {
                Value = outcome.Kept is { } kept ? seal.Seal(item.Id, kept.Span) : DBNull.Value, NpgsqlDbType = NpgsqlDbType.Bytea,
            });
            if (await end.ExecuteNonQueryAsync(ct) == 0)
            {
                return false;
            }
        }

        await InboxPoints.Marked.ReachAsync();
        foreach (var next in outcome.Next)
        {
            await store.AddAsync(connection, next, ct);
            await InboxPoints.Followed.ReachAsync();
        }

        await transaction.CommitAsync(ct);
        return true;
    }

    /// <summary>Notes a failed try: the item waits for the next one, or was tried as often as may be.</summary>
    /// <param name="atLeast">How long whoever failed asks to be left alone.</param>
    /// <param name="anew">If the try came further it was not in vain, and its failure counts as the first.</param>
    public async Task<bool> FailAsync(InboxItem item, string reason, Duration atLeast, int chance, bool anew, CancellationToken ct)
    {
        var now = clock.GetCurrentInstant();
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var fail = Held(connection, Fail, item);
        fail.Parameters.Add(new() { Value = options.AttemptsMax });
        fail.Parameters.Add(Text(reason));
        fail.Parameters.Add(Columns.Of(now));
        foreach (var tries in (int[])[item.Attempts, 1])
        {
            fail.Parameters.Add(Columns.Of(now + Duration.Max(RetryPlan.WaitAfter(tries, chance), Duration.Min(atLeast, RetryPlan.AskedMax))));
        }

        fail.Parameters.Add(new() { Value = anew });
        return await fail.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Notes that the ledger itself could not do the work now: the item waits, and it costs no try.</summary>
    public async Task<bool> PostponeAsync(InboxItem item, string reason, Duration wait, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var postpone = Held(connection, Postpone, item);
        postpone.Parameters.Add(Text(reason));
        postpone.Parameters.Add(Columns.Of(clock.GetCurrentInstant() + wait));
        return await postpone.ExecuteNonQueryAsync(ct) == 1;
    }

    /// <summary>Lets go of an item that was not finished for no fault of its own, as when the host stops.</summary>
    public async Task<bool> GiveBackAsync(InboxItem item, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var giveBack = Held(connection, GiveBack, item);
        var given = await giveBack.ExecuteNonQueryAsync(ct) == 1;
        await using var notify = new NpgsqlCommand(Notify, connection);
        await notify.ExecuteNonQueryAsync(ct);
        return given;
    }

    /// <summary>Keeps how far the work has come, so that whoever takes it over goes on from there.</summary>
    /// <param name="further">It is a place behind the one where this try began.</param>
    public async Task<bool> SaveAsync(InboxItem item, ReadOnlyMemory<byte> body, bool further, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await InboxPoints.Saving.ReachAsync();
        await using var save = Held(connection, Save, item);
        save.Parameters.Add(new() { Value = seal.Seal(item.Id, body.Span) });
        save.Parameters.Add(new() { Value = options.Lease });
        save.Parameters.Add(new() { Value = further });
        var saved = await save.ExecuteNonQueryAsync(ct) == 1;
        await InboxPoints.Saved.ReachAsync();
        return saved;
    }

    private static NpgsqlCommand Held(NpgsqlConnection connection, string sql, InboxItem item) => new(sql, connection)
    {
        Parameters = { new() { Value = item.Id }, new() { Value = item.Owner }, new() { Value = item.Hold } },
    };

    private static NpgsqlParameter Text(string? reason) => new()
    {
        Value = reason is null ? DBNull.Value : reason.Length > ReasonMax ? reason[..ReasonMax] : reason, NpgsqlDbType = NpgsqlDbType.Text,
    };
}
