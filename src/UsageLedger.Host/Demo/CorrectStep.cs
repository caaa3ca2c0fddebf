using System.Net;

namespace UsageLedger.Host.Demo;

/// <summary>Prices that come later, and usage that never was: revisions and voids, never edits.</summary>
internal static class CorrectStep
{
    private const string Path = "/v1/usage?items=problems";

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
        var unpriced = DemoRecord.Body(run.Usage.Unpriced.Select(record => record with { UnitCost = null }));
        var pending = (await run.Collector.PostAsync(Path, unpriced, ct)).Expect(HttpStatusCode.OK, HttpStatusCode.Conflict);
        var prices = DemoRecord.Body(run.Usage.Unpriced.Select(record => record with { Revision = true }));
        var priced = (await run.Collector.PostAsync(Path, prices, ct)).Expect(HttpStatusCode.OK);
        run.Saw(priced);
        run.Page.Line(priced.Count("revised") == 0
            ? $"{count} calls have had their price since an earlier run"
            : $"{pending.Count("accepted")} calls recorded without a price, {priced.Count("revised")} revised when it came");
        run.Check(priced.Count("revised") + priced.Count("duplicates") == count, $"all {count} have their price");
    }

    private static async Task VoidAsync(DemoRun run, CancellationToken ct)
    {
        var known = await run.Collector.PostAsync("/v1/usage", DemoRecord.Body(run.Usage.Wrong), ct);
        var (voided, before) = (0, 0);
        foreach (var item in known.Expect(HttpStatusCode.OK).Json.GetProperty("items").EnumerateArray())
        {
            var usage = item.GetProperty("eventId").GetString();
            var answer = await run.Collector.PostAsync($"/v1/usage/{usage}/void", """{"reason":"the message was never delivered"}"""u8.ToArray(), ct);
            run.Saw(answer.Expect(HttpStatusCode.OK));
            voided += answer.Count("accepted");
            before += answer.Count("duplicates");
        }

        run.Page.Line(voided == 0
            ? $"{before} messages have been void since an earlier run"
            : $"{voided} messages voided; the log keeps each message and its void, the sums neither");
    }
}
