using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace UsageLedger.Benchmarks;

/// <summary>The figures that the fault suites and the benchmarks left in <c>artifacts</c>, as one page of Markdown. It adds none of its own.</summary>
internal static partial class ReliabilityPage
{
    private const string Intro = """
        # Reliability

        What the ledger promises was tried on one machine; these are the figures. `build/reliability` does all of it again and writes this page;
        what is promised, and which spec holds each promise, stands in the decisions that a section names.
        """;

    /// <summary>Whose figures the fault suites leave, in the order of the page.</summary>
    private static readonly (string File, string Title)[] Suites =
    [
        ("faults.json", "Killed, stalled and cut off ([fault suites](../adr/0018-fail-points-and-fault-suites.md))"),
        ("load.json", "Sustained load ([fault suites](../adr/0018-fail-points-and-fault-suites.md))"),
        ("tampering.json", "Edited by SQL behind the ledger's back ([proof](../adr/0004-proof.md))"),
        ("walls.json", "Nonsense at every door ([walls](../adr/0019-walls.md))"),
    ];

    /// <summary>A figure of more parts than these fills no cell: the kinds of edits are in the file.</summary>
    private const int PartsMax = 12;

    /// <summary>A name and no amount.</summary>
    private const string Seed = "seed";

    private static readonly (string Member, string Title)[] BenchColumns =
    [
        ("name", "benchmark"), ("events", "events"), ("eventsPerSecond", "events/s"), ("limitPerSecond", "limit/s"), ("ratio", "ratio"),
        ("p50Ms", "p50 ms"), ("p99Ms", "p99 ms"), ("limitP99Ms", "limit p99"), ("hostPeakMb", "host peak MB"), ("limit", "the limit is"),
    ];

    public static async Task WriteAsync(string folder, string benchmarks, string page)
    {
        var text = new StringBuilder($"{Intro}\n\n{Machine()}\n");
        foreach (var (file, title) in Suites)
        {
            if (await ReadAsync(Path.Combine(folder, file)) is { } figures)
            {
                var suites = figures is JsonArray many ? many.Select(one => one!.AsObject()).ToList() : [figures.AsObject()];
                Table(text.Append($"\n## {title}\n\n"), suites);
            }
        }

        if (await ReadAsync(benchmarks) is { } results)
        {
            Table(text.Append("\n## Speed, beside the limit of the same run\n\n"), BenchColumns, results["results"]!.AsArray());
        }

        await File.WriteAllTextAsync(page, text.ToString());
    }

    private static string Machine() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Environment.ProcessorCount} cores, {GC.GetGCMemoryInfo().TotalAvailableMemoryBytes >> 30} GiB, {RuntimeInformation.RuntimeIdentifier}, {RuntimeInformation.FrameworkDescription}.");

    private static async Task<JsonNode?> ReadAsync(string file) => File.Exists(file) ? JsonNode.Parse(await File.ReadAllTextAsync(file)) : null;

    /// <summary>A row for each figure, a column for each suite: they have many figures and are few.</summary>
    private static void Table(StringBuilder text, List<JsonObject> suites)
    {
        var members = suites.SelectMany(suite => suite.Where(member => member.Value is not JsonObject { Count: > PartsMax }).Select(member => member.Key)).Distinct().ToList();
        var heading = members.Find(member => member != Seed)!;
        Row(text, ["", .. suites.Select(suite => Cell(suite[heading]))]);
        Row(text, Enumerable.Repeat("---", suites.Count + 1));
        foreach (var member in members.Where(member => member != heading))
        {
            Row(text, [Words(member), .. suites.Select(suite => member == Seed ? $"{suite[member]}" : Cell(suite[member]))]);
        }
    }

    private static void Table(StringBuilder text, (string Member, string Title)[] columns, JsonArray rows)
    {
        Row(text, columns.Select(column => column.Title));
        Row(text, Enumerable.Repeat("---", columns.Length));
        foreach (var row in rows)
        {
            Row(text, columns.Select(column => Cell(row![column.Member])));
        }
    }

    private static void Row(StringBuilder text, IEnumerable<string> cells) => text.Append($"| {string.Join(" | ", cells)} |\n");

    private static string Cell(JsonNode? value) => value switch
    {
        null => "",
        JsonValue number when number.TryGetValue(out decimal amount) => amount.ToString("#,0.###", CultureInfo.InvariantCulture),
        JsonObject parts => string.Join(", ", parts.Select(part => $"{part.Key} {Cell(part.Value)}")),
        JsonValue truth when truth.TryGetValue(out bool isSo) => isSo ? "yes" : "no",
        JsonValue => value.ToString().Replace('|', '/'),
        _ => value.ToJsonString().Replace('|', '/'),
    };

    private static string Words(string member) =>
        Capital().Replace(member, match => $" {char.ToLowerInvariant(match.Value[0])}");

    [GeneratedRegex("[A-Z]")]
    private static partial Regex Capital();
}
