using System.Diagnostics;
using System.Globalization;
using Npgsql;
using UsageLedger.Answering;
using UsageLedger.EventLog;

namespace UsageLedger.Benchmarks;

/// <summary>
/// What people wait for, over HTTP, one caller: a cycle, a cycle of a client that four configured sources feed, with its coverage, a client's days of
/// a year, a page of 1,000 events. Each beside the bare rows that it is made of, read on one connection. The log holds ten million events, or
/// 200,000 with --quick. What the load left to be written is written before.
/// </summary>
internal static class QueryBench
{
    private const int Growth = 10;
    private const int SliceEvents = 500_000;
    private const int PageEvents = 1_000;
    private static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(30);

    /// <summary>The rows begin then; later cycles may not have begun yet, and are not there to be read.</summary>
    private static readonly DateTime Start = new(2026, 10, 1, 0, 0, 0, DateTimeKind.Utc);

    private const string CycleRows = """
        select provider, metric, agent_id, unit, currency, quantity, cost, records from read.cycle_aggregates
        where tenant_id = 'bench' and client_id = $1 and cycle_start = $2 and origin_start is null
        """;

    private const string YearRows = """
        select day, currency, sum(quantity), sum(cost), sum(records) from read.usage_days
        where tenant_id = 'bench' and client_id = $1 and day >= $2 and day < $2 + interval '1 year' group by 1, 2
        """;

    private const string EventRows = """
        select seq_id, id, stream_id, version, type, timestamp, correlation_id, data::text from ledger.mt_events
        where seq_id > $1 order by seq_id limit 1000
        """;

    public static async Task<IReadOnlyList<BenchResult>> RunAsync(BenchCluster cluster, int total)
    {
        var events = total >= 1_000_000 ? total * Growth : total;
        var connectionString = await cluster.DatabaseAsync();
        await using var database = LogDatabase.Open(connectionString, "bench");
        for (var from = 0; from < events; from += SliceEvents)
        {
            await AppendBench.AppendAsync(database, from, Math.Min(SliceEvents, events - from), []);
            await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"query: {Math.Min(from + SliceEvents, events):#,0} events"));
        }

        await BenchSources.AppendAsync(database);
        await using var host = await BenchHost.StartAsync(cluster, connectionString);
        await UntilProjectedAsync(database);
        await ExecuteAsync(database, "vacuum analyze");
        await ExecuteAsync(database, "checkpoint");
        return await MeasureAsync(host, database, events);
    }

    public static async Task UntilProjectedAsync(NpgsqlDataSource database)
    {
        var started = Stopwatch.GetTimestamp();
        while (await AskAsync(database, "select (select min(position) from ledger.projections) < (select position from ledger.log_head)"))
        {
            if (Stopwatch.GetElapsedTime(started) > ReadyWithin)
            {
                throw new TimeoutException($"The projections did not reach the head within {ReadyWithin}.");
            }

            await Task.Delay(500);
        }
    }

    private static async Task<IReadOnlyList<BenchResult>> MeasureAsync(BenchHost host, NpgsqlDataSource database, int events)
    {
        var random = new Random(1);
        var measured = new List<BenchResult>();
        foreach (var read in new QueryRead[]
        {
            new("query", "the same lines, on one connection", CycleRows, () => Cycle(Client(random))),
            new("query-covered", "the same lines, on one connection", CycleRows, () => Cycle(BenchSources.Client(random.Next(BenchSources.Clients)))),
            new("query-year", "GROUP BY of the same days, on one connection", YearRows, () => Year(Client(random))),
            new("query-events", "the same 1,000 rows, on one connection", EventRows, () => Page(random.NextInt64(0, events - PageEvents))),
        })
        {
            measured.Add(await read.MeasureAsync(host, database, events));
        }

        return measured;
    }

    private static QueryAsk Cycle(string client) => new($"/v1/clients/{client}/cycles/{Start:yyyy-MM}", [client, Start]);

    private static QueryAsk Year(string client) =>
        new($"/v1/usage?clientId={client}&from=2026-10-01T00:00:00Z&to=2027-10-01T00:00:00Z&window=day", [client, Start]);

    private static QueryAsk Page(long after) =>
        new($"/v1/ledger/events?limit={PageEvents}&cursor={Cursor.Of(after.ToString(CultureInfo.InvariantCulture))}", [after]);

    private static string Client(Random random) => string.Create(CultureInfo.InvariantCulture, $"client-{random.Next(20):000}");

    private static async Task<bool> AskAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task ExecuteAsync(NpgsqlDataSource database, string sql)
    {
        await using var command = database.CreateCommand(sql);
        command.CommandTimeout = 0;
        await command.ExecuteNonQueryAsync();
    }
}
