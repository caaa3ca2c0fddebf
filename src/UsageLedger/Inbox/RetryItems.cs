using NodaTime;
using Npgsql;

namespace UsageLedger.Inbox;

/// <summary>An operator wants all items that stand in one way tried again now, perhaps of one source alone.</summary>
public sealed record RetryItems(string Tenant, string Status, string? SourceId)
{
    /// <summary>Of one call.</summary>
    public const int CountMax = 1_000;

    /// <summary>What can be tried again together: items that stopped, for whatever reason.</summary>
    public static readonly string[] Statuses = [InboxStatuses.Failed, InboxStatuses.Dead, InboxStatuses.Quarantined];
}

/// <param name="Retried">How many are tried again.</param>
/// <param name="More">There may be others: call again.</param>
public sealed record ItemsRetried(int Retried, bool More);

/// <summary>Handles <see cref="RetryItems"/>: those first that have waited longest, a bounded number in a call.</summary>
public static class RetryItemsHandler
{
    private const string Retry = """
        update ledger.inbox_items
        set status = 'queued', attempts = 0, next_attempt_at = $4, reason = null, ended_at = null
        where id in (
            select id from ledger.inbox_items
            where tenant = $1 and status = $2 and ($3::text is null or source = $3)
            order by received_at limit $5 for update skip locked)
        """;

    public static async Task<ItemsRetried> Handle(RetryItems command, NpgsqlDataSource database, IClock clock, InboxSignal signal, CancellationToken ct)
    {
        await using var retry = database.CreateCommand(Retry);
        retry.Parameters.Add(new() { Value = command.Tenant });
        retry.Parameters.Add(new() { Value = command.Status });
        retry.Parameters.Add(Columns.Of(command.SourceId));
        retry.Parameters.Add(Columns.Of(clock.GetCurrentInstant()));
        retry.Parameters.Add(new() { Value = RetryItems.CountMax });
        var retried = await retry.ExecuteNonQueryAsync(ct);
        if (retried > 0)
        {
            await signal.RaiseAsync(database, ct);
        }

        return new ItemsRetried(retried, retried == RetryItems.CountMax);
    }
}
