using System.Net;
using NodaTime;
using UsageLedger.Cycles;
using UsageLedger.Cycles.Calendar;

namespace UsageLedger.Host.Demo;

/// <summary>A closed cycle stays as it is; what comes later is booked as an adjustment where it was recorded.</summary>
internal static class CloseStep
{
    private const int LateRecords = 3;

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        var client = run.First;
        run.Page.Heading($"Close {run.Month.Id} of {client.Id}; then {LateRecords} calls of that month come late");
        var closed = (await run.Office.PostAsync($"/v1/clients/{client.Id}/cycles/{run.Month.Id}/close", "{}"u8.ToArray(), ct)).Read<CycleReport>();
        run.Check(closed.Cycle.Status == CycleStatus.Closed, $"the cycle {closed.Cycle.Id} is closed, with {closed.Quality.Records:N0} records");
        run.Recorded = Math.Max(run.Recorded, closed.Position);

        var late = await run.Reporter.PostAsync("/v1/usage", DemoRecord.Body(Late(run)), ct);
        run.Saw(late.Expect(HttpStatusCode.OK));
        var after = await ReportStep.ReadAsync(run, client, run.Month.Id, ct);
        run.Check(after.Lines.SequenceEqual(closed.Lines) && after.Totals.SequenceEqual(closed.Totals), "the closed cycle has not moved");
        var current = await ReportStep.ReadAsync(run, client, "current", ct);
        var booked = current.Adjustments.Where(adjustment => adjustment.OriginCycle == closed.Cycle.Id).ToList();
        foreach (var adjustment in booked)
        {
            run.Page.Line($"cycle {current.Cycle.Id}, of {adjustment.OriginCycle}: {adjustment.Quantity} {adjustment.Unit}, {adjustment.Cost} {adjustment.Currency}");
        }

        run.Check(booked.Sum(adjustment => adjustment.Records) >= LateRecords, "they are adjustments of the current cycle, which name their own");
    }

    private static IEnumerable<DemoRecord> Late(DemoRun run) => Enumerable.Range(1, LateRecords).Select(call => new DemoRecord(
        $"late:{run.Month.Id}:{call}", run.First.Id, "voice", "call", 60 * call, "second", 0.00125m, run.Month.Middle + Duration.FromMinutes(call)));
}
