using System.Net;
using Spectre.Console;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.Host.Demo;

/// <summary>What collecting came to: the runs of every source, and whether anything is missing still.</summary>
internal static class RunsStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading("What the runs found: new, known already, or changed since");
        var runs = await Runs.AllAsync(run, ct);
        var table = DemoRun.Columns("source", ">runs", ">pages", ">records", ">new", ">known", ">revised", ">rejected");
        foreach (var source in run.Vendors.Sources)
        {
            var own = runs.Where(one => one.SourceId == source.Id).ToList();
            long Sum(Func<RunView, long> figure) => own.Sum(figure);
            table.AddRow(
                source.Id, $"{own.Count:N0}", $"{Sum(one => one.Pages):N0}", $"{Sum(one => one.Records):N0}", $"{Sum(one => one.Accepted):N0}",
                $"{Sum(one => one.Duplicates):N0}", $"{Sum(one => one.Revised):N0}", $"{Sum(one => one.Rejected):N0}");
        }

        run.Page.Table(table);
        run.Page.Line("openrouter lists no generations: they come by webhook, lacking prices by asking");
        run.Check(runs.All(one => one.Status == RunView.Completed), $"all {runs.Count:N0} runs are completed");
        run.Check(await InboxEmpty.CountAsync(run, ct) == 0, "inbox: 0, all webhooks are worked off");
        var nobodys = (await run.Office.GetAsync($"/v1/unattributed?minPosition={run.Recorded}", ct)).Expect(HttpStatusCode.OK).Json;
        run.Check(nobodys.GetProperty("items").GetArrayLength() == 0, "unattributed: 0, all usage has a client");
        var figures = await LedgerFigures.ReadAsync(run, ct);
        run.Check(figures.Pending == 0, "pending: 0, all usage has its price");
    }
}
