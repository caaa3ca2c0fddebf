using System.Globalization;
using System.Net;
using System.Text.Json;
using Spectre.Console;

namespace UsageLedger.Host.Demo;

/// <summary>How much of what each vendor told by webhook and by asking came in, hour by hour.</summary>
internal static class CoverageStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("Coverage: what came by webhook, what by polling, and what is missing");
        var (from, to) = (run.Month.Start, run.Month.End);
        var covered = (await run.Office.GetAsync($"/v1/coverage?from={from}&to={to}&minPosition={run.Recorded}", ct)).Expect(HttpStatusCode.OK).Json;
        var table = DemoRun.Columns("source", ">by webhook", ">by poll", ">by both", ">coverage", ">goal", ">holes");
        foreach (var source in covered.GetProperty("items").EnumerateArray())
        {
            var hours = source.GetProperty("hours");
            table.AddRow(
                source.GetProperty("sourceId").GetString()!, Sum(hours, "byWebhook"), Sum(hours, "byPoll"), Sum(hours, "both"),
                Text(source, "coverage"), Text(source.GetProperty("goals"), "coverage"), $"{source.GetProperty("holes").GetArrayLength()}");
        }

        run.Page.Table(table);
        run.Check(
            covered.GetProperty("items").EnumerateArray().All(source => source.GetProperty("holes").GetArrayLength() == 0), "no hour of the month is missing from any source");
    }

    private static string Sum(JsonElement hours, string member) =>
        hours.EnumerateArray().Sum(hour => hour.GetProperty(member).GetInt64()).ToString("N0", CultureInfo.InvariantCulture);

    private static string Text(JsonElement of, string member) => of.GetProperty(member).GetString() ?? "unknown";
}
