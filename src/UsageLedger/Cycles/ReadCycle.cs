using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Asks for a client's cycle by any name it has.</summary>
/// <param name="Now">What <c>current</c> means, and whether a cycle is over.</param>
public sealed record ReadCycle(string Tenant, string ClientId, string Cycle, Instant Now)
{
    /// <summary>What time zones are.</summary>
    public IDateTimeZoneProvider Zones { get; init; } = DateTimeZoneProviders.Tzdb;
}

/// <inheritdoc cref="ReadCycle"/>
public static class ReadCycleHandler
{
    private const string Select = """
        select z.closed, a.provider, a.metric, a.agent_id, a.unit, a.currency, a.origin_start,
               trim_scale(a.quantity)::text, trim_scale(a.cost)::text, a.records, a.pending, a.revised, a.voided,
               trim_scale(sum(a.cost) over (partition by a.currency))::text
        from (select exists (
            select from read.cycle_closings c where c.tenant_id = $1 and c.client_id = $2 and c.cycle_start = $3) as closed) z
        left join read.cycle_aggregates a on a.tenant_id = $1 and a.client_id = $2 and a.cycle_start = $3
        """;

    /// <summary>Null when the client, or a cycle of that name, does not exist.</summary>
    public static async Task<CycleReport?> Handle(ReadCycle query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OfCyclesAsync(database, ct);
        var calendar = await CalendarAt.FindAsync(snapshot, query.Tenant, query.ClientId, query.Zones, ct);
        if (calendar?.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return null;
        }

        var (closed, rows) = await RowsAsync(snapshot, query, cycle, ct);
        return CycleReports.Of(query.ClientId, CycleView.Of(cycle, calendar, query.Now, closed), calendar, rows, snapshot.Position);
    }

    private static async Task<(bool Closed, List<CycleRow> Rows)> RowsAsync(ReadSnapshot snapshot, ReadCycle query, Cycle cycle, CancellationToken ct)
    {
        await using var select = snapshot.Command(
            Select, new() { Value = query.Tenant }, new() { Value = query.ClientId },
            new() { Value = cycle.Start.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (closed, rows) = (false, new List<CycleRow>());
        while (await reader.ReadAsync(ct))
        {
            closed = reader.GetBoolean(0);
            if (!reader.IsDBNull(1))
            {
                rows.Add(CycleRow.Read(reader, 1));
            }
        }

        return (closed, rows);
    }
}
