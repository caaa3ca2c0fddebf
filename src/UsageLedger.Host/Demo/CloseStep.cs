using System.Net;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;
using UsageLedger.Host.Verbs;

namespace UsageLedger.Host.Demo;

/// <summary>A closed cycle stays as it is; what comes later is booked as an adjustment where it was recorded.</summary>
internal static class CloseStep
{
    private const int LateRecords = 3;

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        var client = DemoClient.Berlin;
        run.Page.Heading($"Close {run.Month.Id} of {client.Id}, then record {LateRecords} calls of that month that nobody had reported");
        var closed = (await run.Office.PostAsync($"/v1/clients/{client.Id}/cycles/{run.Month.Id}/close", "{}"u8.ToArray(), ct)).Read<CycleReport>();
        run.Check(closed.Cycle.Status == CycleStatus.Closed, $"the cycle {closed.Cycle.Id} is closed, with {closed.Quality.Records:N0} records");
        run.Recorded = Math.Max(run.Recorded, closed.Position);

        var late = await run.Collector.PostAsync("/v1/usage", DemoRecord.Body(Late(run)), ct);
        run.Saw(late.Expect(HttpStatusCode.OK));
        var after = await ReportStep.ReadAsync(run, client, run.Month.Id, ct);
        run.Check(after.Lines.SequenceEqual(closed.Lines) && after.Totals.SequenceEqual(closed.Totals), "the closed cycle has not moved");
        var current = await ReportStep.ReadAsync(run, client, "current", ct);
        CycleTable.Print(current);
        var booked = current.Adjustments.Where(adjustment => adjustment.OriginCycle == closed.Cycle.Id).Sum(adjustment => adjustment.Records);
        run.Check(booked >= LateRecords, $"the late calls are adjustments of the current cycle, and name {closed.Cycle.Id} as where they belong");
    }

    private static IEnumerable<DemoRecord> Late(DemoRun run) => run.Usage.Priced
        .Where(record => record.ClientId == DemoClient.Berlin.Id && record.Metric == "call").Take(LateRecords)
        .Select(record => record with { IdempotencyKey = $"late:{record.IdempotencyKey}" });
}
