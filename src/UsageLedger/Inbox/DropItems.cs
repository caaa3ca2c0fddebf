using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Inbox;

/// <summary>An operator takes all items that stand in one way out of the inbox for good, perhaps of one source alone.</summary>
/// <param name="DroppedBy">As of <see cref="DropItem"/>.</param>
public sealed record DropItems(string Tenant, string Status, string? SourceId, string DroppedBy, string CorrelationId)
{
    /// <summary>Of one call.</summary>
    public const int CountMax = 1_000;

    /// <summary>What can be dropped together: items that nobody works on again by himself.</summary>
    public static readonly string[] Statuses = [InboxStatuses.Dead, InboxStatuses.Quarantined];
}

/// <param name="Dropped">How many are gone.</param>
/// <param name="More">There may be others: call again.</param>
public sealed record ItemsDropped(int Dropped, bool More);

/// <summary>Handles <see cref="DropItems"/>: those first that have waited longest, a bounded number in a call, each told by an event of its own.</summary>
public static class DropItemsHandler
{
    private const string SelectHeld = """
        select id, source, kind, key, status, reason, received_at from ledger.inbox_items
        where tenant = $1 and status = $2 and ($3::text is null or source = $3)
        order by received_at limit $4 for update skip locked
        """;

    public static async Task<ItemsDropped> Handle(DropItems command, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectHeld)
        {
            Parameters =
            {
                new() { Value = command.Tenant }, new() { Value = command.Status }, Columns.Of(command.SourceId), new() { Value = DropItems.CountMax },
            },
        };
        var dropped = await new Dropping(command.Tenant, command.DroppedBy, command.CorrelationId).RunAsync(select, database, log, ct);
        return new ItemsDropped(dropped, dropped == DropItems.CountMax);
    }
}
