using System.Net;
using System.Text;

namespace UsageLedger.Host.Demo;

/// <summary>Prices that come later, and usage that never was: revisions and voids, never edits.</summary>
internal static class CorrectStep
{
    private static readonly byte[] Reason = Encoding.UTF8.GetBytes("""{"reason":"the message was never delivered"}""");

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("Prices that come later are revisions; what never happened is voided");
        await PriceAsync(run, ct);
        await VoidAsync(run, ct);
    }

    /// <summary>In a repeated run the records have their price already: then the unpriced form is a conflict, and the price a duplicate.</summary>
    private static async Task PriceAsync(DemoRun run, CancellationToken ct)
    {
        var count = run.Usage.Unpriced.Count;
        var pending = await run.Collector.PostAsync("/v1/usage?items=problems", DemoRecord.Body(run.Usage.Unpriced.Select(record => record with { UnitCost = null })), ct);
        pending.Expect(HttpStatusCode.OK, HttpStatusCode.Conflict);
        var priced = await run.Collector.PostAsync("/v1/usage?items=problems", DemoRecord.Body(run.Usage.Unpriced.Select(record => record with { Revision = true })), ct);
        run.Saw(priced.Expect(HttpStatusCode.OK));
        run.Page.Line($"{pending.Count("accepted")} calls recorded without a price, then {priced.Count("revised")} revised with one; {priced.Count("duplicates")} had it from an earlier run");
        run.Check(priced.Count("revised") + priced.Count("duplicates") == count, $"all {count} have their price");
    }

    private static async Task VoidAsync(DemoRun run, CancellationToken ct)
    {
        var known = await run.Collector.PostAsync("/v1/usage", DemoRecord.Body(run.Usage.Wrong), ct);
        var (voided, before) = (0, 0);
        foreach (var item in known.Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray())
        {
            var answer = await run.Collector.PostAsync($"/v1/usage/{item.GetProperty("eventId").GetString()}/void", Reason, ct);
            run.Saw(answer.Expect(HttpStatusCode.OK));
            voided += answer.Count("accepted");
            before += answer.Count("duplicates");
        }

        run.Page.Line($"{voided} messages voided{(before > 0 ? $", {before} were before" : "")}; the log keeps record and void, the sums keep neither");
    }
}
