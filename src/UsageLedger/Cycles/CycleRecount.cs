using NodaTime;
using Npgsql;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Cycles;

/// <summary>Books a client's usage up to a position anew, all of it or what came last; lines of closed cycles are never touched.</summary>
internal sealed class CycleRecount(NpgsqlConnection connection, string tenant, string clientId, long upTo)
{
    private const string ForgetOpen = """
        delete from cycle_aggregates a where a.tenant_id = $1 and a.client_id = $2 and not exists (
            select from cycle_closings z where z.tenant_id = a.tenant_id and z.client_id = a.client_id and z.cycle_start = a.cycle_start)
        """;

    private const string SelectVersionBefore = """
        select min(version) - 1 from ledger.mt_events
        where seq_id > $4 and seq_id < $3 and tenant_id = $1 and stream_id = 'client-' || $2
        """;

    private const string SelectClients = """
        select distinct c.tenant_id, c.client_id, exists (
            select from cycle_aggregates a where a.tenant_id = c.tenant_id and a.client_id = c.client_id and a.cycle_start >= $4)
        from cycle_calendars c where c.time_zone = $1 and c.period = $2 and c.anchor_day = $3
        """;

    /// <summary>The clients that go by the rule, and whether any has lines in a cycle that starts at the instant or later.</summary>
    public static async Task<IReadOnlyList<(string Tenant, string ClientId, bool IsUsed)>> ClientsAsync(
        NpgsqlConnection connection, CycleRule rule, Instant from, CancellationToken ct)
    {
        await using var select = new NpgsqlCommand(SelectClients, connection)
        {
            Parameters =
            {
                new() { Value = rule.Zone.Id }, new() { Value = CyclePeriods.Name(rule.Period) }, new() { Value = rule.AnchorDay },
                Columns.Of(from),
            },
        };
        await using var reader = await select.ExecuteReaderAsync(ct);
        var clients = new List<(string, string, bool)>();
        while (await reader.ReadAsync(ct))
        {
            clients.Add((reader.GetString(0), reader.GetString(1), reader.GetBoolean(2)));
        }

        return clients;
    }

    public Task ForgetOpenAsync(CancellationToken ct) => ExecuteAsync(ForgetOpen, ct);

    /// <summary>Books all that is not there.</summary>
    public Task FillAsync(CancellationToken ct) => StreamAsync(BookUsage.MissingOfStream, 0, ct);

    /// <summary>The version of the client's stream after which all came that came after the position; null when nothing did.</summary>
    public async Task<long?> VersionBeforeUsageAfterAsync(long position, CancellationToken ct)
    {
        await using var select = Command(SelectVersionBefore);
        select.Parameters.Add(new() { Value = upTo });
        select.Parameters.Add(new() { Value = position });
        return await select.ExecuteScalarAsync(ct) as long?;
    }

    public Task TakeAfterAsync(long version, CancellationToken ct) => StreamAsync(BookUsage.TakeOfStream, version, ct);

    public Task BookAfterAsync(long version, CancellationToken ct) => StreamAsync(BookUsage.OfStream, version, ct);

    /// <summary>Tells of the client's lines in the cycle anew when their first and last usage was, and at which prices, as of a position.</summary>
    public async Task ExtendAsync(Instant cycleStart, long asOf, CancellationToken ct)
    {
        await using var extend = new NpgsqlCommand(BookUsage.ExtentOfStream, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = tenant }, new() { Value = StreamNames.OfClient(clientId) }, new() { Value = 0L }, new() { Value = asOf },
                Columns.Of(cycleStart),
            },
        };
        await extend.ExecuteNonQueryAsync(ct);
    }

    private async Task StreamAsync(string sql, long afterVersion, CancellationToken ct)
    {
        await using var book = new NpgsqlCommand(sql, connection)
        {
            CommandTimeout = 0,
            Parameters =
            {
                new() { Value = tenant }, new() { Value = StreamNames.OfClient(clientId) }, new() { Value = afterVersion }, new() { Value = upTo },
            },
        };
        await book.ExecuteNonQueryAsync(ct);
    }

    private async Task ExecuteAsync(string sql, CancellationToken ct)
    {
        await using var command = Command(sql);
        await command.ExecuteNonQueryAsync(ct);
    }

    private NpgsqlCommand Command(string sql) =>
        new(sql, connection) { CommandTimeout = 0, Parameters = { new() { Value = tenant }, new() { Value = clientId } } };
}
