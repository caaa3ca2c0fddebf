using NodaTime;
using Npgsql;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;
using UsageLedger.Reporting;

namespace UsageLedger.Cycles;

/// <summary>A client's calendar as it was at the position of the cycles' lines, so that rows and calendar are of one mind.</summary>
internal static class CalendarAt
{
    /// <summary>A registration has few versions. Offset 0 keeps the position out of the way in: by it, the planner would go through the log.</summary>
    private const string Select = """
        select r.data, r.seq_id
        from (values (1)) as one
        left join lateral (
            select e.seq_id, e.version, e.data
            from (
                select e.seq_id, e.version, e.data::text as data from ledger.mt_events e
                where e.tenant_id = $1 and e.stream_id = 'registration-' || $2 and e.type = 'client_registered' offset 0) e
            where e.seq_id <= coalesce((select position from ledger.projections where name = $3), 0)) r on true
        where exists (select from ledger.mt_streams s where s.tenant_id = $1 and s.id in ('client-' || $2, 'registration-' || $2))
        order by r.version
        """;

    private const string SelectClosed = "select cycle_start, cycle_end from read.cycle_closings where tenant_id = $1 and client_id = $2";

    /// <summary>Null when nothing named the client; an <see cref="UnreadableEventException"/> when a registration does not hold what it should.</summary>
    public static FirstAsked<ClientCalendar?> Of(string tenant, string clientId, IDateTimeZoneProvider zones) => new(
        [
            new(Select) { Parameters = { new() { Value = tenant }, new() { Value = clientId }, new() { Value = CycleAggregates.ProjectionName } } },
            new(SelectClosed) { Parameters = { new() { Value = tenant }, new() { Value = clientId } } },
        ],
        (reader, ct) => TakeAsync(reader, zones, ct));

    private static async Task<ClientCalendar?> TakeAsync(NpgsqlDataReader reader, IDateTimeZoneProvider zones, CancellationToken ct)
    {
        if (await RuledAsync(reader, zones, ct) is not { } calendar)
        {
            return null;
        }

        await reader.NextResultAsync(ct);
        while (await reader.ReadAsync(ct))
        {
            calendar = calendar.Holding(reader.GetInstant(0), reader.GetInstant(1));
        }

        return calendar;
    }

    private static async Task<ClientCalendar?> RuledAsync(NpgsqlDataReader reader, IDateTimeZoneProvider zones, CancellationToken ct)
    {
        var registration = Registration.None with { Zones = zones };
        var named = false;
        while (await reader.ReadAsync(ct))
        {
            named = true;
            registration = reader.IsDBNull(0)
                ? registration
                : Applied(registration, reader.GetFieldValue<byte[]>(0), reader.GetInt64(1));
        }

        return named ? registration.Calendar : null;
    }

    private static Registration Applied(Registration before, byte[] data, long position) => UnreadableEventException.Read(
        position, EventTypes.ClientRegistered, () => before.Apply(ClientRegistered.Read(CanonicalJsonReader.Canonicalise(data))));
}
