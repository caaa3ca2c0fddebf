using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Inbox;

/// <summary>An operator takes an item out of the inbox for good, with its body.</summary>
/// <param name="DroppedBy">The id of the key that asked, or <see cref="CommandLine"/>.</param>
public sealed record DropItem(string Tenant, Guid Id, string DroppedBy, string CorrelationId)
{
    public const string CommandLine = "command-line";
}

/// <summary>Drops items that no worker holds. What is dropped stays known by its event in the source's stream.</summary>
public static class DropItemHandler
{
    private const string SelectHeld = """
        select source, kind, key, status, reason, received_at from ledger.inbox_items
        where tenant = $1 and id = $2 and status <> 'running' for update
        """;

    private const string Delete = "delete from ledger.inbox_items where tenant = $1 and id = $2";

    /// <summary>Told first, while nobody else can take the item: whoever dies in between leaves it there, and drops it again under the same event.</summary>
    public static async Task<Settled> Handle(DropItem command, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        if (await DroppedAsync(command, connection, ct) is not { } dropped)
        {
            return await ReadInboxHandler.FindAsync(command.Tenant, command.Id, database, ct) is null ? Settled.Unknown : Settled.NotNow;
        }

        await InboxPoints.DropHeld.ReachAsync();
        await log.AppendAsync(new AppendRequest(command.Tenant, command.CorrelationId, [new AppendItem(dropped.Id, dropped)]), ct);
        await InboxPoints.DropTold.ReachAsync();
        await using var delete = Of(command, connection, Delete);
        await delete.ExecuteNonQueryAsync(ct);
        await InboxPoints.Dropped.ReachAsync();
        await transaction.CommitAsync(ct);
        await InboxPoints.DropEnded.ReachAsync();
        return Settled.Done;
    }

    /// <summary>The event of the item, which is locked from here on; null if it cannot be had.</summary>
    private static async Task<NewEvent?> DroppedAsync(DropItem command, NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = Of(command, connection, SelectHeld);
        await using var reader = await select.ExecuteReaderAsync(ct);
        if (!await reader.ReadAsync(ct))
        {
            return null;
        }

        var source = reader.GetString(0);
        var json = new CanonicalJsonWriter().StartObject()
            .Member("droppedBy", command.DroppedBy).Member("itemId", command.Id.ToString()).Member("key", reader.GetString(2)).Member("kind", reader.GetString(1));
        if (!reader.IsDBNull(4))
        {
            json.Member("reason", reader.GetString(4));
        }

        json.Member("receivedAt", Rfc3339.Format(reader.GetInstant(5))).Member("sourceId", source).Member("status", reader.GetString(3));
        return new NewEvent(
            DeterministicId.Of(EventTypes.InboxItemDropped, command.Tenant, command.Id.ToString()), StreamNames.OfSource(source), EventTypes.InboxItemDropped,
            json.EndObject().Take());
    }

    private static NpgsqlCommand Of(DropItem command, NpgsqlConnection connection, string sql) => new(sql, connection)
    {
        Parameters = { new() { Value = command.Tenant }, new() { Value = command.Id } },
    };
}
