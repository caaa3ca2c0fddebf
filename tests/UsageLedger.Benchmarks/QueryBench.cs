using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;
using UsageLedger.Answering;
using UsageLedger.EventLog;

namespace UsageLedger.Benchmarks;

/// <summary>
/// What people wait for, over HTTP, one caller: a cycle, a cycle of a client that four configured sources feed, with its coverage, a client's days of
/// a year, a page of 1,000 events. Each beside the bare rows that it is made of, read on one connection. The log holds ten million events, or
/// 200,000 with --quick. The first asks warm the host up and are not counted: a host that has just begun compiles its code as it is first used. What the load left to be written is written before.
/// </summary>
internal static class QueryBench
{
    private const int Growth = 10;
    private const int SliceEvents = 500_000;
    private const int WarmUps = 1_500;
    private const int Asks = 1_000;
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
        var random = new Random(1);
        return
        [
            await MeasureAsync("query", "the same lines, on one connection", events, host, database,
                () => (Client(random), Start),
                ask => $"/v1/clients/{ask.Item1}/cycles/{ask.Item2:yyyy-MM}", CycleRows, ask => [ask.Item1, ask.Item2]),
            await MeasureAsync("query-covered", "the same lines, on one connection", events, host, database,
                () => (BenchSources.Client(random.Next(BenchSources.Clients)), Start),
                ask => $"/v1/clients/{ask.Item1}/cycles/{ask.Item2:yyyy-MM}", CycleRows, ask => [ask.Item1, ask.Item2]),
            await MeasureAsync("query-year", "GROUP BY of the same days, on one connection", events, host, database,
                () => (Client(random), Start),
                ask => $"/v1/usage?clientId={ask.Item1}&from=2026-10-01T00:00:00Z&to=2027-10-01T00:00:00Z&window=day", YearRows, ask => [ask.Item1, ask.Item2]),
            await MeasureAsync("query-events", "the same 1,000 rows, on one connection", events, host, database,
                () => random.NextInt64(0, events - PageEvents),
                after => $"/v1/ledger/events?limit={PageEvents}&cursor={Cursor.Of(after.ToString(CultureInfo.InvariantCulture))}", EventRows, after => [after]),
        ];
    }

    private static string Client(Random random) => string.Create(CultureInfo.InvariantCulture, $"client-{random.Next(20):000}");

    private static async Task<BenchResult> MeasureAsync<T>(
        string name, string limit, int events, BenchHost host, NpgsqlDataSource database, Func<T> next, Func<T, string> path, string sql, Func<T, object[]> values)
    {
        var (latencies, rows) = (new List<double>(), new List<double>());
        for (var i = -WarmUps; i < Asks; i++)
        {
            var ask = next();
            var started = Stopwatch.GetTimestamp();
            await AskAsync(host, path(ask));
            var took = Stopwatch.GetElapsedTime(started);
            if (i == -WarmUps)
            {
                await Console.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{name}: the first took {took.TotalMilliseconds:0} ms"));
            }

            started = Stopwatch.GetTimestamp();
            await ReadAsync(database, sql, values(ask));
            if (i >= 0)
            {
                latencies.Add(took.TotalMilliseconds);
                rows.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            }
        }

        var (asked, read) = (latencies.Sum() / 1000, rows.Sum() / 1000);
        latencies.Sort();
        rows.Sort();
        return new BenchResult(
            name, Asks / asked, Asks / read, limit, BenchResult.Percentile(latencies, 0.5), BenchResult.Percentile(latencies, 0.99), host.PeakMb, events,
            BenchResult.Percentile(rows, 0.99));
    }

    private static async Task AskAsync(BenchHost host, string path)
    {
        using var response = await host.Http.GetAsync(new Uri(path, UriKind.Relative));
        var body = await response.Content.ReadAsByteArrayAsync();
        using var answer = JsonDocument.Parse(body);
        if (!response.IsSuccessStatusCode || !HasRows(answer.RootElement) || (path.Contains("covered", StringComparison.Ordinal) && !HasCoverage(answer.RootElement)))
        {
            throw new InvalidOperationException($"{path} was answered {(int)response.StatusCode} with {body.Length} bytes and no rows.");
        }
    }

    private static bool HasRows(JsonElement answer) => new[] { "lines", "rows", "events" }
        .Any(name => answer.TryGetProperty(name, out var rows) && rows.GetArrayLength() > 0);

    private static bool HasCoverage(JsonElement cycle) => cycle.GetProperty("quality").GetProperty("coverage").ValueKind == JsonValueKind.String;

    private static async Task ReadAsync(NpgsqlDataSource database, string sql, object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new() { Value = value });
        }

        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
        {
            reader.GetValue(0);
        }
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
