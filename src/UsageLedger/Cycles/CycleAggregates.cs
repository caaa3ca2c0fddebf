using Npgsql;
using NpgsqlTypes;
using UsageLedger.Clients;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Cycles;

/// <summary>The lines and adjustments of every client's cycles.</summary>
public sealed class CycleAggregates : IProjection
{
    public const string ProjectionName = "cycle_aggregates";

    private const string Forget = "delete from cycle_aggregates where tenant_id = $1 and client_id = $2";

    private const string Close = """
        insert into cycle_closings (tenant_id, client_id, cycle_start, as_of) values ($1, $2, $3, $4)
        """;

    private const string UsageBetween = """
        select exists (
            select from ledger.mt_events
            where seq_id > $1 and seq_id < $2 and tenant_id = $3 and stream_id = $4)
        """;

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } = ["cycle_aggregates", "cycle_calendars", "cycle_closings"];

    public IReadOnlyList<string> FoldedTypes { get; } = [EventTypes.ClientRegistered, EventTypes.CycleClosed];

    public async Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct)
    {
        await using var book = new NpgsqlCommand(BookUsage.OfRange, connection)
        {
            CommandTimeout = 0,
            Parameters = { new() { Value = after }, new() { Value = upTo } },
        };
        await book.ExecuteNonQueryAsync(ct);
    }

    public Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct) => stored.Type == EventTypes.CycleClosed
        ? FoldAsync(connection, stored, CycleClosed.Read(stored.Data), ct)
        : FoldAsync(connection, stored, ClientRegistered.Read(stored.Data), ct);

    /// <summary>Another rule cuts the client's time anew; events booked before a close keep to it. Another name or grace moves nothing.</summary>
    private static async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, ClientRegistered registered, CancellationToken ct)
    {
        if (await CycleCalendarRows.WriteAsync(connection, stored, registered.ClientId, ct))
        {
            await RecountAsync(connection, stored, registered.ClientId, ct);
        }
    }

    /// <summary>The close holds as of the position whose totals it froze; what came between that and the close itself was booked too early.</summary>
    private static async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CycleClosed closed, CancellationToken ct)
    {
        await using (var close = new NpgsqlCommand(Close, connection)
        {
            Parameters =
            {
                new() { Value = stored.Tenant },
                new() { Value = closed.ClientId },
                new() { Value = closed.Start.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new() { Value = closed.AsOfPosition },
            },
        })
        {
            await close.ExecuteNonQueryAsync(ct);
        }

        await using var between = new NpgsqlCommand(UsageBetween, connection)
        {
            Parameters =
            {
                new() { Value = closed.AsOfPosition },
                new() { Value = stored.Position },
                new() { Value = stored.Tenant },
                new() { Value = StreamNames.OfClient(closed.ClientId) },
            },
        };
        if (await between.ExecuteScalarAsync(ct) is true)
        {
            await RecountAsync(connection, stored, closed.ClientId, ct);
        }
    }

    private static async Task RecountAsync(NpgsqlConnection connection, StoredEvent upTo, string clientId, CancellationToken ct)
    {
        await using (var forget = new NpgsqlCommand(Forget, connection) { Parameters = { new() { Value = upTo.Tenant }, new() { Value = clientId } } })
        {
            await forget.ExecuteNonQueryAsync(ct);
        }

        await using var book = new NpgsqlCommand(BookUsage.OfStream, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = upTo.Tenant },
                new() { Value = StreamNames.OfClient(clientId) },
                new() { Value = 0L },
                new() { Value = upTo.Position },
            },
        };
        await book.ExecuteNonQueryAsync(ct);
    }
}
