using System.Net;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>What a repeat, a contradiction and a mistake are answered.</summary>
internal static class RefuseStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("The same again, something else under the same key, something impossible");
        var known = run.Usage.Priced[0];
        var table = DemoRun.Columns("POST /v1/usage", ">status", "answer");
        var same = await PostAsync(run, known, HttpStatusCode.OK, ct);
        table.AddRow("the first record again", $"{same.Code}", $"duplicate, held at position {same.Position}");
        var other = await PostAsync(run, known with { Quantity = known.Quantity + 1 }, HttpStatusCode.Conflict, ct);
        table.AddRow("its key, quantity + 1", $"{other.Code}", other.Json.GetProperty("items")[0].GetProperty("code").GetString()!);
        var bad = await PostAsync(run, known with { IdempotencyKey = "bad", Quantity = -1 }, HttpStatusCode.UnprocessableEntity, ct);
        var error = bad.Json.GetProperty("errors")[0];
        table.AddRow("a quantity of -1", $"{bad.Code}", $"{error.GetProperty("code").GetString()} at {error.GetProperty("pointer").GetString()}");
        run.Page.Table(table);
    }

    private static async Task<DemoAnswer> PostAsync(DemoRun run, DemoRecord record, HttpStatusCode expected, CancellationToken ct) =>
        (await run.Collector.PostAsync("/v1/usage", record.Body(), ct)).Expect(expected);
}
