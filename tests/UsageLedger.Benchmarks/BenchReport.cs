using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Spectre.Console;

namespace UsageLedger.Benchmarks;

/// <summary>The results as a table and as artifacts/bench.json.</summary>
internal static class BenchReport
{
    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static void Print(IReadOnlyList<BenchResult> results)
    {
        var table = new Table().AddColumns("benchmark", "events", "events/s", "limit/s", "ratio", "p50 ms", "p99 ms", "limit p99", "host peak MB", "limit is");
        foreach (var result in results)
        {
            table.AddRow(
                result.Name, Number(result.Events), Number(result.EventsPerSecond), Number(result.LimitPerSecond),
                result.Ratio.ToString("0.00", CultureInfo.InvariantCulture), Number(result.P50Ms, "0.0"), Number(result.P99Ms, "0.0"), Number(result.LimitP99Ms, "0.0"),
                Number(result.HostPeakMb), Markup.Escape(result.Limit));
        }

        AnsiConsole.Profile.Width = Math.Max(AnsiConsole.Profile.Width, 160);
        AnsiConsole.Write(table);
    }

    /// <summary>What the file holds of benchmarks that were not run now stays.</summary>
    public static async Task WriteAsync(IReadOnlyList<BenchResult> results, string file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var kept = File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file))!["results"]!.AsArray() : [];
        var document = new
        {
            results = kept.Where(one => results.All(result => result.Name != (string?)one!["name"])).Concat(results.Select(result => JsonSerializer.SerializeToNode(new
            {
                result.Name,
                EventsPerSecond = Math.Round(result.EventsPerSecond),
                LimitPerSecond = Math.Round(result.LimitPerSecond),
                Ratio = Math.Round(result.Ratio, 3),
                result.P50Ms,
                result.P99Ms,
                result.LimitP99Ms,
                result.HostPeakMb,
                result.Events,
                result.Limit,
            }, Camel))),
        };
        await File.WriteAllTextAsync(file, JsonSerializer.Serialize(document, Camel));
    }

    private static string Number(double? value, string format = "#,0") => value?.ToString(format, CultureInfo.InvariantCulture) ?? "";
}
