using System.Globalization;
using NodaTime;
using Spectre.Console;
using UsageLedger.Cycles;
using UsageLedger.Host.Verbs;

namespace UsageLedger.Host.Demo;

/// <summary>Each client's cycle, and one of them whole, held against sums that the ledger had no part in.</summary>
internal static class ReportStep
{
    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"The cycles that hold {run.Month.Id}-20: each client's own calendar cuts the days");
        var table = DemoRun.Columns("client", "cycle", "begins, UTC", "ends, UTC", ">records", ">cost USD");
        foreach (var client in DemoClient.All)
        {
            var cycles = (await run.Office.GetAsync($"/v1/clients/{client.Id}/cycles?limit=20&minPosition={run.Recorded}", ct)).Read<CycleListAnswer>();
            var cycle = cycles.Cycles.Single(cycle => cycle.Start <= run.Month.Middle && run.Month.Middle < cycle.End);
            var report = await ReadAsync(run, client, cycle.Id, ct);
            table.AddRow(
                client.Id, cycle.Id, Minute(cycle.Start), Minute(cycle.End),
                $"{report.Quality.Records:N0}", string.Join(' ', report.Totals.Select(total => total.Cost)));
        }

        run.Page.Table(table);
        await WholeAsync(run, ct);
    }

    public static async Task<CycleReport> ReadAsync(DemoRun run, DemoClient client, string cycle, CancellationToken ct) =>
        (await run.Office.GetAsync($"/v1/clients/{client.Id}/cycles/{cycle}?minPosition={run.Recorded}", ct)).Read<CycleReport>();

    private static async Task WholeAsync(DemoRun run, CancellationToken ct)
    {
        run.Page.Heading($"GET /v1/clients/{DemoClient.Berlin.Id}/cycles/{run.Month.Id}");
        var report = await ReadAsync(run, DemoClient.Berlin, run.Month.Id, ct);
        CycleTable.Print(report);
        var expected = Expected(run.Usage.Lasting.Where(record => record.ClientId == DemoClient.Berlin.Id));
        var found = report.Lines.Select(line => (line.Provider, line.Metric, line.AgentId!, line.Unit, Number(line.Quantity), Number(line.Cost), line.Records));
        run.Check(found.ToHashSet().SetEquals(expected), $"the {report.Lines.Count} lines equal sums computed apart from what was sent, to the last digit");
    }

    private static IEnumerable<(string, string, string, string, decimal, decimal, long)> Expected(IEnumerable<DemoRecord> records) =>
        from record in records
        group record by (record.Provider, record.Metric, record.AgentId, record.Unit) into line
        select (
            line.Key.Provider, line.Key.Metric, line.Key.AgentId, line.Key.Unit,
            line.Sum(record => record.Quantity), line.Sum(record => record.Cost), line.LongCount());

    private static string Minute(Instant instant) => instant.ToString("MM-dd HH:mm", CultureInfo.InvariantCulture);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
