using NodaTime;
using Npgsql;

namespace UsageLedger.Inbox;

/// <summary>An operator wants an item tried again now.</summary>
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

    public static async Task<Settled> Handle(SettleItem command, NpgsqlDataSource database, IClock clock, InboxSignal signal, CancellationToken ct)
    {
        await using var retry = database.CreateCommand(Retry);
        retry.Parameters.Add(new() { Value = command.Tenant });
        retry.Parameters.Add(new() { Value = command.Id });
        retry.Parameters.Add(Columns.Of(clock.GetCurrentInstant()));
        if (await retry.ExecuteNonQueryAsync(ct) == 0)
        {
            return await ReadInboxHandler.FindAsync(command.Tenant, command.Id, database, ct) is null ? Settled.Unknown : Settled.NotNow;
        }

        await signal.RaiseAsync(database, ct);
        return Settled.Done;
    }
}
