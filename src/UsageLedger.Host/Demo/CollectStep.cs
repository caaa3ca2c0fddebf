using System.Globalization;
using NodaTime;
using Spectre.Console;
using UsageLedger.Host.Verbs;
using UsageLedger.Simulators.Webhooks;

namespace UsageLedger.Host.Demo;

/// <summary>The month goes by at the vendors: webhooks come as things happen, and every week what they did not tell is polled.</summary>
internal static class CollectStep
{
    private const int Weeks = 4;
    private static readonly Duration Tick = Duration.FromHours(12);
    private static readonly Duration Overlap = DemoVendors.PricesFinalAfter;

    public static async Task RunAsync(DemoRun run, CancellationToken ct)
    {
        var again = (await LedgerFigures.ReadAsync(run, ct)).Records > 0;
        run.Page.Heading(again
            ? $"{run.Month.Name} once more: all of it is told and polled again"
            : $"{run.Month.Name} goes by at the vendors; each week is polled besides");
        run.Page.Line(DemoVendors.Behaviour);
        var table = DemoRun.Columns("until", ">webhooks", ">records", ">by webhook", ">only polled", ">unpriced");
        await ProgressLine.RunAsync("collecting", "webhooks", async progress =>
        {
            var polledTo = run.Month.Start;
            foreach (var until in again ? [run.Month.End + DemoVendors.PricesFinalAfter] : Ends(run.Month))
            {
                var report = await PassAsync(run, again ? until : run.Vendors.Simulation.Clock.Now + Tick, until, progress, ct);
                await Runs.CollectAsync(run, Instant.Max(polledTo - Overlap, run.Month.Start), until, ct);
                polledTo = until;
                var figures = await LedgerFigures.ReadAsync(run, ct);
                table.AddRow(
                    Day(until), $"{report.Accepted + report.Repeated:N0}", $"{figures.Records:N0}", $"{figures.Records - figures.Polled:N0}", $"{figures.Polled:N0}",
                    $"{figures.Pending:N0}");
            }

            return 0;
        });
        run.Page.Table(table);
    }

    private static IEnumerable<Instant> Ends(DemoMonth month) =>
        [.. Enumerable.Range(1, Weeks - 1).Select(week => month.Start + Duration.FromDays(7 * week)), month.End, month.End + DemoVendors.PricesFinalAfter];

    /// <summary>Time passes at the vendors; when it is over the ledger has worked off what they sent.</summary>
    private static async Task<DeliveryReport> PassAsync(DemoRun run, Instant next, Instant until, IProgress<long> progress, CancellationToken ct)
    {
        var simulation = run.Vendors.Simulation;
        for (var now = next; ; now += Tick)
        {
            simulation.Clock.Set(Instant.Min(now, until));
            var report = await simulation.Webhooks.DeliverAsync(ct);
            progress.Report(report.Accepted);
            if (report.Refused > 0)
            {
                throw new DemoFailedException($"The ledger refused {report.Refused} webhooks.");
            }

            if (now >= until)
            {
                await InboxEmpty.WaitAsync(run, ct);
                return report;
            }
        }
    }

    private static string Day(Instant at) => at.ToString("uuuu-MM-dd", CultureInfo.InvariantCulture);
}
