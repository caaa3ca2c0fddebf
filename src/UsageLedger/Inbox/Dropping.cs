using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Inbox;

/// <summary>Takes items out of the inbox, each with its event.</summary>
internal sealed record Dropping(string Tenant, string DroppedBy, string CorrelationId)
{
    private const string Delete = "delete from ledger.inbox_items where tenant = $1 and id = any($2)";

    private static readonly TimeSpan EndMax = TimeSpan.FromSeconds(30);

    /// <summary>Told first, while nobody else can take the items: whoever dies in between leaves them there, and drops them again under the same events.</summary>
    /// <param name="select">Locks what is to be dropped: id, source, kind, key, status, reason, time of receipt.</param>
    /// <returns>How many were dropped.</returns>
    public async Task<int> RunAsync(NpgsqlCommand select, NpgsqlDataSource database, LogAppender log, CancellationToken ct)
    {
        await using var connection = await database.OpenConnectionAsync(ct);
        await using var transaction = await connection.BeginTransactionAsync(ct);
        select.Connection = connection;
        var held = await HeldAsync(select, ct);
        if (held.Count == 0)
        {
            return 0;
        }

        await InboxPoints.DropHeld.ReachAsync();
        ct.ThrowIfCancellationRequested();

        // What is told must be done: a caller who goes away from here on stops nothing.
        using var ending = new CancellationTokenSource(EndMax);
        try
        {
            await EndAsync(connection, held, log, ending.Token);
            await transaction.CommitAsync(ending.Token);
        }
        catch (OperationCanceledException tooLong) when (ending.IsCancellationRequested)
        {
            throw new LogBusyException("The log did not take in time what is to be dropped. Drop it again: it is told once.", tooLong);
        }

        await InboxPoints.DropEnded.ReachAsync();
        return held.Count;
    }

    private async Task EndAsync(NpgsqlConnection connection, List<(Guid Id, NewEvent Told)> held, LogAppender log, CancellationToken ct)
    {
        await log.AppendAsync(new AppendRequest(Tenant, CorrelationId, held.ConvertAll(item => new AppendItem(item.Told.Id, item.Told))), ct);
        await InboxPoints.DropTold.ReachAsync();
        await using var delete = new NpgsqlCommand(Delete, connection)
        {
            Parameters = { new() { Value = Tenant }, new() { Value = held.Select(item => item.Id).ToArray() } },
        };
        await delete.ExecuteNonQueryAsync(ct);
        await InboxPoints.Dropped.ReachAsync();
    }

    /// <summary>The items and their events; locked from here on.</summary>
    private async Task<List<(Guid Id, NewEvent Told)>> HeldAsync(NpgsqlCommand select, CancellationToken ct)
    {
        var held = new List<(Guid, NewEvent)>();
        await using var reader = await select.ExecuteReaderAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            held.Add((reader.GetGuid(0), Told(reader)));
        }

        return held;
    }

    private NewEvent Told(NpgsqlDataReader reader)
    {
        var (id, source) = (reader.GetGuid(0).ToString(), reader.GetString(1));
        var json = new CanonicalJsonWriter().StartObject()
            .Member("droppedBy", DroppedBy).Member("itemId", id).Member("key", reader.GetString(3)).Member("kind", reader.GetString(2));
        if (reader.GetStringOrNull(5) is { } reason)
        {
            json.Member("reason", reason);
        }

        json.Member("receivedAt", Rfc3339.Format(reader.GetInstant(6))).Member("sourceId", source).Member("status", reader.GetString(4));
        return new NewEvent(
            DeterministicId.Of(EventTypes.InboxItemDropped, Tenant, id), StreamNames.OfSource(source), EventTypes.InboxItemDropped, json.EndObject().Take());
    }
}
