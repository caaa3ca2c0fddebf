using NodaTime;
using Npgsql;
using NpgsqlTypes;

namespace UsageLedger.Inbox;

/// <summary>What an operator decides of an item: to try it again now, or to drop it.</summary>
public sealed record SettleItem(string Tenant, Guid Id);

/// <summary>How that ended.</summary>
public enum Settled
{
    Done,

    /// <summary>The tenant has no such item.</summary>
    Unknown,

    /// <summary>A worker holds it, or there is nothing left to do.</summary>
    NotNow
}

/// <summary>Tries failed, dead and quarantined items again, as often as at the start.</summary>
public static class RetryItemHandler
{
    private const string Retry = """
        update ledger.inbox_items
        set status = 'queued', attempts = 0, next_attempt_at = $3, reason = null, ended_at = null
        where tenant = $1 and id = $2 and status in ('queued', 'failed', 'dead', 'quarantined')
        """;

    private const string Notify = "select pg_notify('ledger_inbox', '')";

    public static async Task<Settled> Handle(SettleItem command, NpgsqlDataSource database, IClock clock, InboxSignal signal, CancellationToken ct)
    {
        await using var retry = database.CreateCommand(Retry);
        retry.Parameters.Add(new() { Value = command.Tenant });
        retry.Parameters.Add(new() { Value = command.Id });
        retry.Parameters.Add(new() { Value = clock.GetCurrentInstant().ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        if (await retry.ExecuteNonQueryAsync(ct) == 0)
        {
            return await ReadInboxHandler.FindAsync(command.Tenant, command.Id, database, ct) is null ? Settled.Unknown : Settled.NotNow;
        }

        await using var notify = database.CreateCommand(Notify);
        await notify.ExecuteNonQueryAsync(ct);
        signal.Raise();
        return Settled.Done;
    }
}

/// <summary>Takes an item out of the inbox for good, with its body; not one that a worker holds.</summary>
public static class DropItemHandler
{
    private const string Drop = "delete from ledger.inbox_items where tenant = $1 and id = $2 and status <> 'running'";

    public static async Task<Settled> Handle(SettleItem command, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var drop = database.CreateCommand(Drop);
        drop.Parameters.Add(new() { Value = command.Tenant });
        drop.Parameters.Add(new() { Value = command.Id });
        return await drop.ExecuteNonQueryAsync(ct) > 0 ? Settled.Done
            : await ReadInboxHandler.FindAsync(command.Tenant, command.Id, database, ct) is null ? Settled.Unknown
            : Settled.NotNow;
    }
}
