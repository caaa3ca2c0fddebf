using NodaTime;
using Npgsql;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Cycles;

/// <summary>The boundaries of every rule in use, as rows for the booking statement, computed with the time zones given.</summary>
internal sealed class CycleBoundaryRows(IDateTimeZoneProvider zones)
{
    private const string SelectVersion = "select version from cycle_tzdb";
    private const string WriteVersion = "with old as (delete from cycle_tzdb) insert into cycle_tzdb (version) values ($1)";
    private const string SelectRules = "select distinct time_zone, period, anchor_day from cycle_boundaries";
    private const string Forget = "delete from cycle_boundaries where time_zone = $1 and period = $2 and anchor_day = $3";

    private const string Select = """
        select coalesce(array_agg(starts order by starts), '{}'), coalesce(array_agg(ends order by starts), '{}')
        from cycle_boundaries where time_zone = $1 and period = $2 and anchor_day = $3
        """;

    private const string Insert = """
        insert into cycle_boundaries (time_zone, period, anchor_day, starts, ends)
        select $1, $2, $3, b.starts, b.ends from unnest($4::timestamptz[], $5::timestamptz[]) as b (starts, ends)
        """;

    private static readonly Instant First = Instant.FromUtc(1999, 12, 1, 0, 0);
    private static readonly Instant Last = Instant.FromUtc(2101, 1, 1, 0, 0);

    /// <summary>Writes a rule's boundaries, all of them, unless they are there.</summary>
    public static async Task EnsureAsync(NpgsqlConnection connection, CycleRule rule, CancellationToken ct)
    {
        if ((await StoredAsync(connection, rule, ct)).Count == 0)
        {
            await InsertAsync(connection, rule, Computed(rule), ct);
        }
    }

    /// <summary>Computes every boundary anew if another time zone database was at work before.</summary>
    /// <returns>The rules whose boundaries moved, each with the start of the first cycle that is another one now.</returns>
    public async Task<IReadOnlyList<(CycleRule Rule, Instant From)>> RenewAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        if (await VersionAsync(connection, ct) == zones.VersionId)
        {
            return [];
        }

        var moved = new List<(CycleRule, Instant)>();
        foreach (var rule in await RulesAsync(connection, ct))
        {
            var (before, after) = (await StoredAsync(connection, rule, ct), Computed(rule));
            if (FirstDifference(before, after) is { } from)
            {
                await using var forget = Command(connection, Forget, rule);
                await forget.ExecuteNonQueryAsync(ct);
                await InsertAsync(connection, rule, after, ct);
                moved.Add((rule, from));
            }
        }

        await using var write = new NpgsqlCommand(WriteVersion, connection) { Parameters = { new() { Value = zones.VersionId } } };
        await write.ExecuteNonQueryAsync(ct);
        return moved;
    }

    private static Instant? FirstDifference(List<(Instant Start, Instant End)> before, List<(Instant Start, Instant End)> after)
    {
        for (var at = 0; at < Math.Min(before.Count, after.Count); at++)
        {
            if (before[at] != after[at])
            {
                return Instant.Min(before[at].Start, after[at].Start);
            }
        }

        return before.Count == after.Count ? null : First;
    }

    private static List<(Instant Start, Instant End)> Computed(CycleRule rule) =>
        [.. new ClientCalendar(rule).Between(First, Last).Select(cycle => (cycle.Start, cycle.End))];

    private static async Task<string?> VersionAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectVersion, connection);
        return await select.ExecuteScalarAsync(ct) as string;
    }

    /// <summary>Those that have boundaries, and always that of clients nobody registered.</summary>
    private async Task<List<CycleRule>> RulesAsync(NpgsqlConnection connection, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectRules, connection);
        await using var reader = await select.ExecuteReaderAsync(ct);
        var rules = new List<CycleRule>();
        while (await reader.ReadAsync(ct))
        {
            var (zone, period, anchorDay) = (reader.GetString(0), reader.GetString(1), reader.GetInt32(2));
            rules.Add(CycleRule.TryCreate(zone, period, anchorDay, out var rule, out var refusals, zones)
                ? rule
                : throw new InvalidOperationException($"Cycles in use cannot be computed any more: {string.Join("; ", refusals)}"));
        }

        return rules.Any(rule => Key(rule) == Key(CycleRule.Default)) ? rules : [CycleRule.Default, .. rules];
    }

    private static async Task<List<(Instant Start, Instant End)>> StoredAsync(NpgsqlConnection connection, CycleRule rule, CancellationToken ct)
    {
        await using var select = Command(connection, Select, rule);
        await using var reader = await select.ExecuteReaderAsync(ct);
        await reader.ReadAsync(ct);
        return [.. reader.GetFieldValue<DateTime[]>(0).Zip(
            reader.GetFieldValue<DateTime[]>(1), (start, end) => (Instant.FromDateTimeUtc(start), Instant.FromDateTimeUtc(end)))];
    }

    private static async Task InsertAsync(NpgsqlConnection connection, CycleRule rule, List<(Instant Start, Instant End)> cycles, CancellationToken ct)
    {
        await using var insert = Command(connection, Insert, rule);
        insert.Parameters.Add(Columns.Of(cycles.Select(cycle => cycle.Start)));
        insert.Parameters.Add(Columns.Of(cycles.Select(cycle => cycle.End)));
        await insert.ExecuteNonQueryAsync(ct);
    }

    private static (string Zone, CyclePeriod Period, int AnchorDay) Key(CycleRule rule) => (rule.Zone.Id, rule.Period, rule.AnchorDay);

    private static NpgsqlCommand Command(NpgsqlConnection connection, string sql, CycleRule rule) => new(sql, connection)
    {
        Parameters = { new() { Value = rule.Zone.Id }, new() { Value = CyclePeriods.Name(rule.Period) }, new() { Value = rule.AnchorDay } },
    };
}
