using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Cycles;

/// <summary>Puts a client's calendar where the booking statement finds it: its rules, and the boundaries that closed cycles hold elsewhere.</summary>
internal sealed class CycleCalendarRows(IDateTimeZoneProvider zones)
{
    private const string SelectUpTo = """
        select e.type, e.data::text from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.seq_id <= $3 and e.type in ('client_registered', 'cycle_closed')
        order by e.version
        """;

    private const string ForgetRules = "delete from cycle_calendars where tenant_id = $1 and client_id = $2";
    private const string ForgetMoves = "delete from cycle_moves where tenant_id = $1 and client_id = $2";

    private const string InsertRule = """
        insert into cycle_calendars (tenant_id, client_id, from_at, stub_until, until_at, time_zone, period, anchor_day)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string InsertMove = "insert into cycle_moves (tenant_id, client_id, rule_starts, starts) values ($1, $2, $3, $4)";

    /// <summary>The client's calendar before its event at this position, and after it.</summary>
    public async Task<(ClientCalendar Before, ClientCalendar After)> AroundAsync(
        NpgsqlConnection connection, string tenant, string clientId, long position, CancellationToken ct)
    {
        await using var select = Command(connection, SelectUpTo, tenant, StreamNames.OfRegistration(clientId), new NpgsqlParameter { Value = position });
        await using var reader = await select.ExecuteReaderAsync(ct);
        var after = Registration.None with { Zones = zones };
        var before = after;
        while (await reader.ReadAsync(ct))
        {
            before = after;
            var data = CanonicalJsonReader.Canonicalise(reader.GetFieldValue<byte[]>(1));
            after = reader.GetString(0) == EventTypes.CycleClosed ? after.Apply(CycleClosed.Read(data)) : after.Apply(ClientRegistered.Read(data));
        }

        return (before.Calendar, after.Calendar);
    }

    public static bool AreSame(ClientCalendar one, ClientCalendar other) =>
        one.Segments.SequenceEqual(other.Segments) && one.Moves.Count == other.Moves.Count
        && one.Moves.All(move => other.Moves.TryGetValue(move.Key, out var to) && to == move.Value);

    /// <summary>Replaces the client's rows.</summary>
    public static async Task WriteAsync(NpgsqlConnection connection, string tenant, string clientId, ClientCalendar calendar, CancellationToken ct)
    {
        await ExecuteAsync(Command(connection, ForgetRules, tenant, clientId), ct);
        await ExecuteAsync(Command(connection, ForgetMoves, tenant, clientId), ct);
        foreach (var segment in calendar.Segments)
        {
            await CycleBoundaryRows.EnsureAsync(connection, segment.Rule, ct);
            await ExecuteAsync(
                Command(
                    connection, InsertRule, tenant, clientId,
                    Timestamp(segment.From), Timestamp(segment.Stub?.End ?? segment.From), Timestamp(segment.Until),
                    new() { Value = segment.Rule.Zone.Id }, new() { Value = CyclePeriods.Name(segment.Rule.Period) }, new() { Value = segment.Rule.AnchorDay }),
                ct);
        }

        foreach (var (from, to) in calendar.Moves)
        {
            await ExecuteAsync(Command(connection, InsertMove, tenant, clientId, Timestamp(from), Timestamp(to)), ct);
        }
    }

    private static async Task ExecuteAsync(NpgsqlCommand command, CancellationToken ct)
    {
        await using var executing = command;
        await executing.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, string tenant, string named, params ReadOnlySpan<NpgsqlParameter> more)
    {
        var command = new NpgsqlCommand(sql, connection) { Parameters = { new() { Value = tenant }, new() { Value = named } } };
        foreach (var parameter in more)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter Timestamp(Instant instant) => new()
    {
        // Npgsql reads DateTime's own ends as PostgreSQL's infinities.
        Value = instant == Instant.MinValue ? DateTime.MinValue : instant == Instant.MaxValue ? DateTime.MaxValue : instant.ToDateTimeUtc(),
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}
