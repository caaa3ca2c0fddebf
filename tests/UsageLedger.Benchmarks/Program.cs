using UsageLedger.Benchmarks;

const int Full = 1_000_000;
const int Quick = 200_000;
const string Results = "artifacts/bench.json";
const string Figures = "artifacts/reliability";
const string Page = "docs/reliability.md";

if (args is ["page"])
{
    await ReliabilityPage.WriteAsync(Figures, Results, Page);
    return 0;
}

var benchmarks = new Dictionary<string, Func<BenchCluster, int, Task<IReadOnlyList<BenchResult>>>>
{
    ["append"] = async (cluster, total) => [await AppendBench.RunAsync(cluster, total)],
    ["http"] = async (cluster, total) => [await HttpBench.RunAsync(cluster, total)],
    ["rebuild"] = async (cluster, total) => [await RebuildBench.RunAsync(cluster, total)],
    ["verify"] = async (cluster, total) => [await VerifyBench.RunAsync(cluster, total)],
    ["freshness"] = async (cluster, total) => [await FreshnessBench.RunAsync(cluster, total)],
    ["query"] = QueryBench.RunAsync,
    ["collect"] = async (cluster, total) => [await CollectBench.RunAsync(cluster, total)],
    ["growth"] = GrowthBench.RunAsync,
};

// Twenty million events take a quarter of an hour: only when asked for.
HashSet<string> onlyByName = ["growth"];
var names = args.Where(arg => !arg.StartsWith('-')).ToList();
if (names.Find(name => !benchmarks.ContainsKey(name)) is { } unknown || args.Any(arg => arg.StartsWith('-') && arg != "--quick"))
{
    await Console.Error.WriteLineAsync($"usage: bench [{string.Join('|', benchmarks.Keys)}]... [--quick]");
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
