using System.Diagnostics;
using System.Net;
using UsageLedger.Host.Verbs;

namespace UsageLedger.Host.Demo;

/// <summary>Posts the month in batches that overlap, as collectors' windows do.</summary>
internal static class RecordStep
{
    private const int BatchSize = 1_000;
    private const int Overlap = 5;

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"A month of usage, posted {BatchSize:N0} records at a time; each request repeats the last {Overlap} of the one before");
        var started = Stopwatch.GetTimestamp();
        var (sent, accepted, duplicates) = await ProgressLine.RunAsync("posting", "records", progress => PostAsync(run, progress, ct));
        var elapsed = Stopwatch.GetElapsedTime(started);
        run.Page.Line($"{sent:N0} records in {elapsed.TotalSeconds:N1} s over HTTP: {sent / elapsed.TotalSeconds:N0} records/s, each on disk when answered");
        run.Page.Line($"{accepted:N0} accepted, {duplicates:N0} duplicates{(accepted == 0 ? " (an earlier run recorded this month)" : "")}");
        run.Check(accepted + duplicates == sent, "every record is accepted or known, none refused");
    }

    private static async Task<(int Sent, int Accepted, int Duplicates)> PostAsync(DemoRun run, IProgress<long> progress, CancellationToken ct)
    {
        var (sent, accepted, duplicates) = (0, 0, 0);
        var records = run.Usage.Priced;
        for (var start = 0; start < records.Count; start += BatchSize - Overlap)
        {
            var batch = records.Skip(start).Take(BatchSize).ToList();
            var answer = await run.Collector.PostAsync("/v1/usage?items=problems", DemoRecord.Body(batch), ct);
            run.Saw(answer.Expect(HttpStatusCode.OK));
            sent += batch.Count;
            accepted += answer.Count("accepted");
            duplicates += answer.Count("duplicates");
            progress.Report(sent);
        }

        return (sent, accepted, duplicates);
    }
}
