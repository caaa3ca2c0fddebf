using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>Asks for a client's cycle by any name it has.</summary>
/// <param name="Now">What <c>current</c> means, and whether a cycle is over.</param>
public sealed record ReadCycle(string Tenant, string ClientId, string Cycle, Instant Now);

/// <inheritdoc cref="ReadCycle"/>
public static class ReadCycleHandler
{
    private const string SelectRows = """
        select a.provider, a.metric, a.agent_id, a.unit, a.currency, a.origin_start,
               trim_scale(a.quantity)::text, trim_scale(a.cost)::text, a.records, a.pending, a.revised, a.voided,
               trim_scale(sum(a.cost) over (partition by a.currency))::text
        from read.cycle_aggregates a
        where a.tenant_id = $1 and a.client_id = $2 and a.cycle_start = $3
        """;

    private const string SelectClosed = """
        select exists (select from read.cycle_closings z where z.tenant_id = $1 and z.client_id = $2 and z.cycle_start = $3)
        """;

    /// <summary>Null when the client, or a cycle of that name, does not exist.</summary>
    public static async Task<CycleReport?> Handle(ReadCycle query, NpgsqlDataSource database, CancellationToken ct)
    {
        await using var snapshot = await ReadSnapshot.OpenAsync(database, CycleAggregates.ProjectionName, ct);
        var calendar = await CalendarAt.FindAsync(snapshot, query.Tenant, query.ClientId, ct);
        if (calendar?.Find(query.Cycle, query.Now) is not { } cycle)
        {
            return null;
        }

        var closed = await IsClosedAsync(snapshot, query, cycle, ct);
        var rows = await RowsAsync(snapshot, query, cycle, ct);
        return CycleReports.Of(query.ClientId, CycleView.Of(cycle, calendar, query.Now, closed), calendar, rows, snapshot.Position);
    }

    private static async Task<bool> IsClosedAsync(ReadSnapshot snapshot, ReadCycle query, Cycle cycle, CancellationToken ct)
    {
        await using var select = Command(snapshot, SelectClosed, query, cycle);
        return await select.ExecuteScalarAsync(ct) is true;
    }

    private static async Task<List<CycleRow>> RowsAsync(ReadSnapshot snapshot, ReadCycle query, Cycle cycle, CancellationToken ct)
    {
        await using var select = Command(snapshot, SelectRows, query, cycle);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rows = new List<CycleRow>();
        while (await reader.ReadAsync(ct))
        {
            rows.Add(CycleRow.Read(reader));
        }

        return rows;
    }

    private static NpgsqlCommand Command(ReadSnapshot snapshot, string sql, ReadCycle query, Cycle cycle) => snapshot.Command(
        sql, new() { Value = query.Tenant }, new() { Value = query.ClientId },
        new() { Value = cycle.Start.ToDateTimeUtc(), NpgsqlDbType = NpgsqlDbType.TimestampTz });
}
