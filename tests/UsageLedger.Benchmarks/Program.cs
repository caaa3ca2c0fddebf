using System.Globalization;
using UsageLedger.Benchmarks;

const int Full = 1_000_000;
const int Quick = 200_000;
const string EventsFlag = "--events";
const int EventsMax = 100_000_000;
const string Results = "artifacts/bench.json";
const string Figures = "artifacts/reliability";
const string Page = "docs/reliability.md";

if (args is ["page"])
{
    await ReliabilityPage.WriteAsync(Figures, Results, Page);
    return 0;
}

// Of how long the log is that they find: a rebuild and a verify go through all of it, an append and a server add to it.
var held = 0;
if (args.IndexOf(EventsFlag) is >= 0 and var at && (at + 1 == args.Length || !int.TryParse(args[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out held) || held is 0 or > EventsMax))
{
    await Console.Error.WriteLineAsync($"{EventsFlag} takes a number of events, 1 to {EventsMax}.");
    return 2;
}

var benchmarks = new Dictionary<string, Func<BenchCluster, int, Task<IReadOnlyList<BenchResult>>>>
{
    ["append"] = async (cluster, total) => [await AppendBench.RunAsync(cluster, total, held)],
    ["http"] = async (cluster, total) => [await HttpBench.RunAsync(cluster, total, held)],
    ["rebuild"] = async (cluster, total) => [await RebuildBench.RunAsync(cluster, held > 0 ? held : total)],
    ["verify"] = async (cluster, total) => [await VerifyBench.RunAsync(cluster, held > 0 ? held : total)],
    ["freshness"] = async (cluster, total) => [await FreshnessBench.RunAsync(cluster, total)],
    ["query"] = QueryBench.RunAsync,
    ["collect"] = async (cluster, total) => [await CollectBench.RunAsync(cluster, total)],
    ["growth"] = GrowthBench.RunAsync,
};

// Twenty million events take a quarter of an hour: only when asked for.
HashSet<string> onlyByName = ["growth"];
var names = args.Where((arg, place) => !arg.StartsWith('-') && (place == 0 || args[place - 1] != EventsFlag)).ToList();
if (names.Exists(name => !benchmarks.ContainsKey(name)) || args.Any(arg => arg.StartsWith('-') && arg is not ("--quick" or EventsFlag)))
{
    await Console.Error.WriteLineAsync($"usage: bench [{string.Join('|', benchmarks.Keys)}]... [--quick] [{EventsFlag} N]");
    return 2;
}

var total = args.Contains("--quick") ? Quick : Full;
var results = new List<BenchResult>();
await using (var cluster = await BenchCluster.StartAsync())
{
    foreach (var (name, run) in benchmarks.Where(benchmark => names.Count == 0 ? !onlyByName.Contains(benchmark.Key) : names.Contains(benchmark.Key)))
    {
        await Console.Error.WriteLineAsync($"{name} ...");
        results.AddRange(await run(cluster, total));
        await BenchReport.WriteAsync(results, Results);
    }
}

BenchReport.Print(results);
return 0;
