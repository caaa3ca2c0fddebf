using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Npgsql;

namespace UsageLedger.Benchmarks;

/// <summary>A path to ask for, and the values that name the same rows in SQL.</summary>
internal sealed record QueryAsk(string Path, object[] Values);

/// <summary>
/// One kind of read, in five turns of 1,000, each read beside its bare rows. Told is the turn whose p99 is the median of the five: on a shared
/// machine single turns meet what its neighbours do. The first asks warm the host up and are not counted: a host that has just begun compiles its
/// code as it is first used.
/// </summary>
internal sealed record QueryRead(string Name, string Limit, string Rows, Func<QueryAsk> Next)
{
    private const int WarmUps = 1_500;
    private const int Turns = 5;
    private const int Asks = 1_000;

    public async Task<BenchResult> MeasureAsync(BenchHost host, NpgsqlDataSource database, int events)
    {
        await TurnAsync(host, database, WarmUps);
        var turns = new List<(List<double> Asked, List<double> Read)>();
        for (var turn = 0; turn < Turns; turn++)
        {
            turns.Add(await TurnAsync(host, database, Asks));
        }

        await Console.Error.WriteLineAsync($"{Name}: p99 of each turn and of its bare rows, ms: {string.Join(", ", turns.Select(turn =>
            string.Create(CultureInfo.InvariantCulture, $"{P99(turn.Asked):0.0} and {P99(turn.Read):0.0}")))}");
        var (asked, read) = turns.OrderBy(turn => P99(turn.Asked)).ElementAt(Turns / 2);
        return new BenchResult(
            Name, PerSecond(asked), PerSecond(read), $"{Limit}; the median of five turns", BenchResult.Percentile(asked, 0.5), P99(asked), host.PeakMb, events, P99(read));
    }

    private static double? P99(List<double> sorted) => BenchResult.Percentile(sorted, 0.99);

    private static double PerSecond(List<double> milliseconds) => milliseconds.Count / (milliseconds.Sum() / 1000);

    /// <summary>Milliseconds, sorted.</summary>
    private async Task<(List<double> Asked, List<double> Read)> TurnAsync(BenchHost host, NpgsqlDataSource database, int asks)
    {
        var (asked, read) = (new List<double>(asks), new List<double>(asks));
        for (var i = 0; i < asks; i++)
        {
            var ask = Next();
            var started = Stopwatch.GetTimestamp();
            await AskAsync(host, ask.Path);
            asked.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
            started = Stopwatch.GetTimestamp();
            await ReadAsync(database, ask.Values);
            read.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }

        asked.Sort();
        read.Sort();
        return (asked, read);
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

    private async Task ReadAsync(NpgsqlDataSource database, object[] values)
    {
        await using var command = database.CreateCommand(Rows);
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
}
