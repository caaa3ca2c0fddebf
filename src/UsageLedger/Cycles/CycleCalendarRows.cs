using NodaTime;
using Npgsql;
using NpgsqlTypes;
using UsageLedger.Clients;
using UsageLedger.Cycles.Calendar;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;

namespace UsageLedger.Cycles;

/// <summary>Puts a client's calendar where the booking statement finds it.</summary>
internal static class CycleCalendarRows
{
    private const string SelectEarlier = """
        select e.data::text from ledger.mt_events e
        where e.tenant_id = $1 and e.stream_id = $2 and e.version <= $3 and e.type = 'client_registered'
        order by e.version
        """;

    private const string Forget = "delete from cycle_calendars where tenant_id = $1 and client_id = $2";

    private const string Insert = """
        insert into cycle_calendars (tenant_id, client_id, from_at, stub_until, until_at, time_zone, period, anchor_day)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        """;

    private const string HasBoundaries = """
        select exists (select from cycle_boundaries where time_zone = $1 and period = $2 and anchor_day = $3)
        """;

    private const string InsertBoundaries = """
        insert into cycle_boundaries (time_zone, period, anchor_day, starts, ends)
        select $1, $2, $3, b.starts, b.ends from unnest($4::timestamptz[], $5::timestamptz[]) as b (starts, ends)
        on conflict (time_zone, period, anchor_day, starts) do nothing
        """;

    private static readonly Instant First = Instant.FromUtc(1999, 12, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2101, 1, 1, 0, 0);

    /// <summary>Replaces the client's rows with the calendar that holds after this registration; false if it is the one that held before.</summary>
    public static async Task<bool> WriteAsync(NpgsqlConnection connection, StoredEvent stored, string clientId, CancellationToken ct)
    {
        var (before, calendar) = await CalendarsAsync(connection, stored, ct);
        if (calendar.Segments.SequenceEqual(before.Segments))
        {
            return false;
        }

        await using (var forget = new NpgsqlCommand(Forget, connection) { Parameters = { new() { Value = stored.Tenant }, new() { Value = clientId } } })
        {
            await forget.ExecuteNonQueryAsync(ct);
        }

        foreach (var segment in calendar.Segments)
        {
            await BoundariesAsync(connection, segment.Rule, ct);
            await using var insert = new NpgsqlCommand(Insert, connection)
            {
                Parameters =
                {
                    new() { Value = stored.Tenant }, new() { Value = clientId },
                    Timestamp(segment.From), Timestamp(segment.Stub?.End ?? segment.From), Timestamp(segment.Until),
                    new() { Value = segment.Rule.Zone.Id }, new() { Value = CyclePeriods.Name(segment.Rule.Period) }, new() { Value = segment.Rule.AnchorDay },
                },
            };
            await insert.ExecuteNonQueryAsync(ct);
        }

        return true;
    }

    private static async Task<(ClientCalendar Before, ClientCalendar After)> CalendarsAsync(NpgsqlConnection connection, StoredEvent stored, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectEarlier, connection)
        {
            Parameters = { new() { Value = stored.Tenant }, new() { Value = stored.Stream }, new() { Value = stored.Version } },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var (before, registration) = (Registration.None, Registration.None);
        while (await reader.ReadAsync(ct))
        {
            before = registration;
            registration = registration.Apply(stored with { Type = EventTypes.ClientRegistered, Data = CanonicalJsonReader.Canonicalise(reader.GetFieldValue<byte[]>(0)) });
        }

        return (before.Calendar, registration.Calendar);
    }

    /// <summary>A rule's boundaries are written once, all of them in one transaction.</summary>
    private static async Task BoundariesAsync(NpgsqlConnection connection, CycleRule rule, CancellationToken ct)
    {
        await using (var has = new NpgsqlCommand(HasBoundaries, connection)
        {
            Parameters = { new() { Value = rule.Zone.Id }, new() { Value = CyclePeriods.Name(rule.Period) }, new() { Value = rule.AnchorDay } },
        })
        {
            if (await has.ExecuteScalarAsync(ct) is true)
            {
                return;
            }
        }

        var cycles = new ClientCalendar(rule).Between(First, Last).ToList();
        await using var insert = new NpgsqlCommand(InsertBoundaries, connection)
        {
            Parameters =
            {
                new() { Value = rule.Zone.Id }, new() { Value = CyclePeriods.Name(rule.Period) }, new() { Value = rule.AnchorDay },
                new() { Value = cycles.ConvertAll(cycle => cycle.Start.ToDateTimeUtc()).ToArray() },
                new() { Value = cycles.ConvertAll(cycle => cycle.End.ToDateTimeUtc()).ToArray() },
            },
        };
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static NpgsqlParameter Timestamp(Instant instant) => new()
    {
        // Npgsql reads DateTime's own ends as PostgreSQL's infinities.
        Value = instant == Instant.MinValue ? DateTime.MinValue : instant == Instant.MaxValue ? DateTime.MaxValue : instant.ToDateTimeUtc(),
        NpgsqlDbType = NpgsqlDbType.TimestampTz,
    };
}
