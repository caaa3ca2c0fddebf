using Npgsql;
using UsageLedger.EventLog.Appending;

namespace UsageLedger.Inbox;

/// <summary>An operator takes an item out of the inbox for good, with its body.</summary>
/// <param name="DroppedBy">The id of the key that asked, or <see cref="CommandLine"/>.</param>
public sealed record DropItem(string Tenant, Guid Id, string DroppedBy, string CorrelationId)
{
    public const string CommandLine = "command-line";
}

/// <summary>Drops an item that no worker holds. What is dropped stays known by its event in the source's stream.</summary>
public static class DropItemHandler
{
    private const string SelectHeld = """
        select id, source, kind, key, status, reason, received_at from ledger.inbox_items
        where tenant = $1 and id = $2 and status <> 'running' for update
        """;

    public static async Task<Settled> Handle(DropItem command, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectHeld) { Parameters = { new() { Value = command.Tenant }, new() { Value = command.Id } } };
        return await new Dropping(command.Tenant, command.DroppedBy, command.CorrelationId).RunAsync(select, database, log, ct) > 0 ? Settled.Done
            : await ReadInboxHandler.FindAsync(command.Tenant, command.Id, database, ct) is null ? Settled.Unknown
            : Settled.NotNow;
    }
}
