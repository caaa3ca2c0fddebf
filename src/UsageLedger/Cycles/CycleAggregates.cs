using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Projecting;

namespace UsageLedger.Cycles;

/// <summary>The lines and adjustments of every client's cycles.</summary>
/// <param name="zones">What time zones are; null: what this program knows of them.</param>
public sealed class CycleAggregates(IDateTimeZoneProvider? zones = null) : IProjection
{
    public const string ProjectionName = "cycle_aggregates";

    private const string Close = """
        insert into cycle_closings (tenant_id, client_id, cycle_start, cycle_end, as_of) values ($1, $2, $3, $4, $5)
        """;

    private readonly CycleBoundaryRows boundaries = new(zones ?? DateTimeZoneProviders.Tzdb);
    private readonly CycleCalendarRows calendars = new(zones ?? DateTimeZoneProviders.Tzdb);

    public string Name => ProjectionName;

    public IReadOnlyList<string> Tables { get; } =
        ["cycle_aggregates", "cycle_calendars", "cycle_closings", "cycle_boundaries", "cycle_moves", "cycle_tzdb"];

    public IReadOnlyList<string> FoldedTypes { get; } = [EventTypes.ClientRegistered, EventTypes.CycleClosed];

    /// <summary>Another time zone database may put boundaries elsewhere: the open cycles that it moves are counted anew, closed ones stay.</summary>
    public async Task PrepareAsync(NpgsqlConnection connection, long position, CancellationToken ct)
    {
        foreach (var (rule, from) in await boundaries.RenewAsync(connection, ct))
        {
            foreach (var (tenant, clientId, isUsed) in await CycleRecount.ClientsAsync(connection, rule, from, ct))
            {
                var (_, calendar) = await calendars.AroundAsync(connection, tenant, clientId, position, ct);
                await CycleCalendarRows.WriteAsync(connection, tenant, clientId, calendar, ct);
                if (isUsed)
                {
                    var recount = new CycleRecount(connection, tenant, clientId, position);
                    await recount.ForgetOpenAsync(ct);
                    await recount.FillAsync(ct);
                }
            }
        }
    }

    public Task AdvanceAsync(NpgsqlConnection connection, long after, long upTo, CancellationToken ct) =>
        RangeStatement.RunAsync(connection, BookUsage.OfRange, after, upTo, ct);

    public Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct) => stored.Type == EventTypes.CycleClosed
        ? FoldAsync(connection, stored, CycleClosed.Read(stored.Data), ct)
        : FoldAsync(connection, stored, ClientRegistered.Read(stored.Data), ct);

    /// <summary>Another rule cuts the client's open time anew. Another name or grace moves nothing.</summary>
    private async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, ClientRegistered registered, CancellationToken ct)
    {
        var (before, after) = await calendars.AroundAsync(connection, stored.Tenant, registered.ClientId, stored.Position, ct);
        if (CycleCalendarRows.AreSame(before, after))
        {
            return;
        }

        var recount = new CycleRecount(connection, stored.Tenant, registered.ClientId, stored.Position);
        await CycleCalendarRows.WriteAsync(connection, stored.Tenant, registered.ClientId, after, ct);
        await recount.ForgetOpenAsync(ct);
        await recount.FillAsync(ct);
    }

    /// <summary>The close holds as of the position whose totals it froze; what came between that and the close itself was booked too early.</summary>
    private async Task FoldAsync(NpgsqlConnection connection, StoredEvent stored, CycleClosed closed, CancellationToken ct)
    {
        var (before, after) = await calendars.AroundAsync(connection, stored.Tenant, closed.ClientId, stored.Position, ct);
        var recount = new CycleRecount(connection, stored.Tenant, closed.ClientId, stored.Position);
        if (!CycleCalendarRows.AreSame(before, after))
        {
            await recount.ForgetOpenAsync(ct);
            await CloseAsync(connection, stored, closed, ct);
            await CycleCalendarRows.WriteAsync(connection, stored.Tenant, closed.ClientId, after, ct);
            await recount.FillAsync(ct);
            return;
        }

        var between = await recount.VersionBeforeUsageAfterAsync(closed.AsOfPosition, ct);
        if (between is { } taken)
        {
            await recount.TakeAfterAsync(taken, ct);
            await recount.ExtendAsync(closed.Start, closed.AsOfPosition, ct);
        }

        await CloseAsync(connection, stored, closed, ct);
        if (between is { } booked)
        {
            await recount.BookAfterAsync(booked, ct);
        }
    }

    private static async Task CloseAsync(NpgsqlConnection connection, StoredEvent stored, CycleClosed closed, CancellationToken ct)
    {
        await using var close = new NpgsqlCommand(Close, connection)
        {
            Parameters =
            {
                new() { Value = stored.Tenant },
                new() { Value = closed.ClientId },
                Columns.Of(closed.Start),
                Columns.Of(closed.End),
                new() { Value = closed.AsOfPosition },
            },
        };
        await close.ExecuteNonQueryAsync(ct);
    }
}
