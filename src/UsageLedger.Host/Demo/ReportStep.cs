using System.Globalization;
using NodaTime;
using NodaTime.Text;
using Spectre.Console;
using UsageLedger.Cycles;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.Host.Demo;

/// <summary>Each client's cycle, held against the vendors' bill cut by that client's calendar, and one of them whole.</summary>
internal static class ReportStep
{
    private const string Plain = "0.############################";

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"The cycles that hold {run.Month.Id}-20: each client has its own calendar");
        var table = DemoRun.Columns("client", "cycle", "begins, UTC", "ends, UTC", ">records", ">cost USD");
        var equal = true;
        foreach (var client in run.Clients)
        {
            var cycles = (await run.Office.GetAsync($"/v1/clients/{client.Id}/cycles?limit=20&minPosition={run.Recorded}", ct)).Read<CycleListAnswer>();
            var cycle = cycles.Cycles.Single(cycle => cycle.Start <= run.Month.Middle && run.Month.Middle < cycle.End);
            var report = await ReadAsync(run, client, cycle.Id, ct);
            table.AddRow(
                client.Id, cycle.Id, Minute(cycle.Start), Minute(cycle.End),
                $"{report.Quality.Records:N0}", string.Join(' ', report.Totals.Select(total => total.Cost)));
            var items = run.Vendors.Bill.Where(item => item.ClientId == client.Id && IsWithin(item, cycle));
            equal &= report.Lines.Sum(line => Number(line.Cost)) == DemoVendors.CostOf(items);
        }

        run.Page.Table(table);
        run.Check(equal, "each cycle is the vendors' bill for what ended in it, to the last digit");
        Whole(run, await ReadAsync(run, run.First, run.Month.Id, ct));
    }

    public static async Task<CycleReport> ReadAsync(DemoRun run, DemoClient client, string cycle, CancellationToken ct) =>
        (await run.Office.GetAsync($"/v1/clients/{client.Id}/cycles/{cycle}?minPosition={run.Recorded}", ct)).Read<CycleReport>();

    /// <summary>What each agent used is one line more in the report itself.</summary>
    private static void Whole(DemoRun run, CycleReport report)
    {
        run.Page.Heading($"The cycle {report.Cycle.Id} of {report.ClientId}, its agents taken together");
        var table = DemoRun.Columns("vendor and metric", ">quantity", "unit", ">cost USD");
        foreach (var vendor in report.Lines.GroupBy(line => line.Provider))
        {
            table.AddRow($"[bold]{Markup.Escape(vendor.Key)}[/]", "", "", $"[bold]{vendor.Sum(line => Number(line.Cost)).ToString(Plain, CultureInfo.InvariantCulture)}[/]");
            foreach (var line in vendor.GroupBy(line => (line.Metric, line.Unit)))
            {
                table.AddRow(
                    "  " + Markup.Escape(line.Key.Metric), $"{line.Sum(agent => Number(agent.Quantity)):#,0.####}", Markup.Escape(line.Key.Unit),
                    line.Sum(agent => Number(agent.Cost)).ToString(Plain, CultureInfo.InvariantCulture));
            }
        }

        run.Page.Table(table);
        var quality = report.Quality;
        run.Page.Line(
            $"{quality.Records:N0} records, {quality.Revised:N0} revised, {quality.PendingCost} unpriced; total {string.Join(' ', report.Totals.Select(total => $"{total.Cost} {total.Currency}"))}");
    }

    private static bool IsWithin(TruthItem item, CycleView cycle) =>
        InstantPattern.ExtendedIso.Parse(item.OccurredAt).Value is var at && cycle.Start <= at && at < cycle.End;

    private static string Minute(Instant instant) => instant.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
