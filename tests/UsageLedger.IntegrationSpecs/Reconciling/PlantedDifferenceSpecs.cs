using NodaTime;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Replaying;
using Xunit.Abstractions;
using LineEvents = UsageLedger.Reconciling.Reports.LineEvents;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>A thousand differences planted in the bills of simulated vendors are all found and rightly named, and nothing else is.</summary>
public sealed class PlantedDifferenceSpecs(ITestOutputHelper output)
{
    private const int PlantedMin = 1_000;
    private const int OfEachMin = 100;
    private const int SeedsMax = 9;

    [Fact]
    public async Task A_thousand_planted_differences_are_found_and_rightly_named_and_no_others()
    {
        var first = Random.Shared.Next(1, 1_000_000);
        var planted = new Dictionary<string, int> { ["retell"] = 0, ["twilio"] = 0, ["openrouter"] = 0 };
        var named = Enum.GetValues<LineStatus>().Where(status => status != LineStatus.Matched).ToDictionary(status => status, _ => 0);
        for (var seed = first; planted.Values.Sum() < PlantedMin && seed < first + SeedsMax; seed++)
        {
            await using var world = await BilledWorld.OpenAsync(seed, generations: 400);
            foreach (var invoice in await PlantAsync(world, seed))
            {
                planted[invoice.Provider] += invoice.Expected.Count + invoice.TakenOut.Count;
                named[LineStatus.MissingAtProvider] += invoice.TakenOut.Count;
                foreach (var status in invoice.Expected.Values)
                    named[status]++;
            }

            output.WriteLine($"seed {seed}: planted so far {string.Join(", ", planted)}; {string.Join(", ", named)}");
        }

        planted.Values.Sum().ShouldBeGreaterThanOrEqualTo(PlantedMin, $"seeds from {first}");
        planted.Values.ShouldAllBe(count => count >= OfEachMin, $"seeds from {first}");
        named.Values.ShouldAllBe(count => count >= OfEachMin, $"seeds from {first}: {string.Join(", ", named)}");
    }

    private static async Task<List<PlantedInvoice>> PlantAsync(BilledWorld world, int seed)
    {
        var random = new Random(seed);
        var (retell, openRouter) = (world.Items["retell"].ToList(), world.Items["openrouter"].ToList());
        List<PlantedInvoice> invoices =
        [
            new PlantedInvoice("retell", "retell", retell, byRecord: false, dated: true, random).Plant(12),
            new PlantedInvoice("retell", "retell", retell, byRecord: true, dated: true, random).Plant(30),
            new PlantedInvoice("retell", "retell", retell, byRecord: true, dated: false, random).Plant(30),
            .. world.Items["twilio"].GroupBy(item => item.Source).SelectMany(account => new[]
            {
                new PlantedInvoice("twilio", account.Key, account, byRecord: false, dated: true, random).Plant(8),
                new PlantedInvoice("twilio", account.Key, account, byRecord: true, dated: true, random).Plant(12),
            }),
            new PlantedInvoice("openrouter", "openrouter", openRouter, byRecord: false, dated: true, random).Plant(3),
            new PlantedInvoice("openrouter", "openrouter", openRouter, byRecord: true, dated: true, random).Plant(14),
            new PlantedInvoice("openrouter", "openrouter", openRouter, byRecord: true, dated: false, random).Plant(14),
        ];
        foreach (var planted in invoices)
            await ShouldBeFoundAsync(world, planted, random, $"seed {seed}");
        return invoices;
    }

    private static async Task ShouldBeFoundAsync(BilledWorld world, PlantedInvoice planted, Random random, string seed)
    {
        var (store, reports) = (new InvoiceStore(world.Log.Database, world.Log.Reader), new ReportStore(world.Log.Reader));
        var invoice = planted.Numbered();
        var received = await ReceiveInvoiceHandler.Handle(new ReceiveInvoice(BilledWorld.Tenant, "spec", invoice, "posted", false), store, world.Appender, default);
        var command = new MakeReconciliation(BilledWorld.Tenant, "spec", received.Told!.InvoiceId, Tolerance.None);
        var made = (await MakeReconciliationHandler.Handle(command, store, reports, world.Log.Reader, world.Appender, world.Log.Database, default)).Made!;
        var lines = await reports.LinesAsync(BilledWorld.Tenant, made, default).ToListAsync();

        var what = $"{seed}, {invoice.Provider} {invoice.SourceId} {invoice.Number}";
        string.Join('\n', lines.Where(line => line.InvoiceLine is { } id && line.Status != planted.Expected.GetValueOrDefault(id))).ShouldBeEmpty(what);
        Named(lines.Where(line => line.InvoiceLine is null)).Order().ShouldBe(planted.TakenOut.Select(Named).Order(), what);
        made.Totals.Difference.ShouldBe(lines.Sum(line => line.Difference), what);
        made.Totals.StatedDifference.ShouldBe(0, what);
        await ShouldLeadToEventsAsync(world, store, reports, made, lines, random, what);
        var replayed = await new ReconciliationReplay(world.Log.Reader, new LogTiles(world.Log.Database), world.Log.Database, BilledWorld.Tenant).RunAsync(made, new Findings(), default);
        ReplayedReport.Compare(made, lines, replayed.ShouldNotBeNull()).ShouldBeEmpty(what);
    }

    /// <summary>Of some lines of each status, the events behind them come to what the line says.</summary>
    private static async Task ShouldLeadToEventsAsync(
        BilledWorld world, InvoiceStore store, ReportStore reports, ReconciliationMade made, List<ReportLine> lines, Random random, string what)
    {
        var events = new LineEvents(world.Log.Database, store, reports);
        foreach (var line in lines.Where(line => line.Shared is null).GroupBy(line => line.Status).SelectMany(same => same.OrderBy(_ => random.Next()).Take(2)))
        {
            var all = new List<LineEvent>();
            long? after = 0;
            while (after is { } place)
            {
                var page = await events.PageAsync(BilledWorld.Tenant, made, line, place, 7, default);
                all.AddRange(page.Events);
                after = page.Next;
            }

            all.Select(one => one.Position).ShouldBe(all.Select(one => one.Position).Order().Distinct(), what);
            (all.Sum(one => one.Quantity), all.Sum(one => one.Cost), all.Sum(one => (long)one.Records))
                .ShouldBe((line.Ledger.Quantity ?? 0, line.Ledger.Cost, line.Ledger.Records ?? 0), $"{what}, {line}");
        }
    }

    /// <summary>OpenRouter charges a generation whole; what no line names is told in its parts.</summary>
    private static IEnumerable<string> Named(IEnumerable<ReportLine> left) => left
        .GroupBy(line => line.ResourceId is not null && line.Metric.StartsWith("llm.", StringComparison.Ordinal) ? (line.ResourceId, line.Date) : ((string?, LocalDate?)?)null)
        .SelectMany(same => same.Key is var (generation, date) ? [Named("llm.*", generation, date, 1, same.Sum(line => line.Ledger.Cost))] : same.Select(Named));

    private static string Named(ReportLine line) => Named(line.Metric, line.ResourceId, line.Date, line.Ledger.Quantity, line.Ledger.Cost);

    private static string Named(InvoiceLine line) => Named(line.Metric, line.ResourceId, line.Date, line.Quantity, line.Amount);

    private static string Named(string metric, string? resource, LocalDate? date, decimal? quantity, decimal cost) =>
        FormattableString.Invariant($"{metric} {resource} {date:uuuu-MM-dd} {quantity:0.############} {cost:0.############}");
}
