using UsageLedger.Benchmarks;
using UsageLedger.EventLog;

await using var database = LogDatabase.Open(Environment.GetEnvironmentVariable("ConnectionStrings__Ledger")!, "bench");
await LogSchema.MigrateAsync(database, [], default);
var n = int.Parse(args[0]);
for (var round = 0; round < 3; round++)
{
    Console.WriteLine($"raw    {await RawCopy.MeasureAsync(database, n, round * n):N0}");
    var l = new List<double>();
    Console.WriteLine($"append {await AppendBench.MeasureAsync(database, round * n, n, l):N0}");
    l.Sort();
    Console.WriteLine($"p50 {l[l.Count / 2]:N1} p99 {l[l.Count * 99 / 100]:N1} peak {System.Diagnostics.Process.GetCurrentProcess().PeakWorkingSet64 / 1048576}");
}
