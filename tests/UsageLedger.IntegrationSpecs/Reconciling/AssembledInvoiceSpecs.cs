using NodaTime;
using UsageLedger.Collecting.Sources;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.IntegrationSpecs.Collecting;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Reconciling.Assembling;
using UsageLedger.Reconciling.Invoices;
using UsageLedger.Reconciling.Reports;

namespace UsageLedger.IntegrationSpecs.Reconciling;

/// <summary>What a vendor's own API says that it charges is held against the ledger as an invoice is.</summary>
public sealed class AssembledInvoiceSpecs
{
    private static readonly LocalDate From = new(2026, 10, 2);
    private static readonly LocalDate To = new(2026, 10, 27);

    [Theory]
    [InlineData("retell")]
    [InlineData("twilio")]
    public async Task A_ledger_that_was_collected_whole_matches_in_every_line(string provider)
    {
        var seed = Random.Shared.Next(1, 1_000_000);
        await using var world = await BilledWorld.OpenAsync(seed);
        foreach (var (source, credential) in world.Accounts(provider))
        {
            var collector = ProviderCatalogue.Whole.Find(provider)!.Collector;
            using var clients = BilledWorld.Clients();
            var account = new VendorAccount(source, [credential], clients.For(source, collector.Limits), BilledWorld.Numbers);

            var stated = await VendorLines.ReadAsync(new OpenedAccount(collector, account), From, To, NonePriced, default);

            var invoice = new ProviderInvoice(
                provider, source.Id, "assembled", Midnight(From), Midnight(To), "UTC", "USD", stated.Total, stated.Lines);
            var made = await ReconciledAsync(world, invoice);
            stated.Lines.Count.ShouldBeGreaterThan(50, $"seed {seed}");
            made.Counts.AllMatch.ShouldBeTrue($"seed {seed}, {provider} {made.Counts}");
            made.Totals.Provider.ShouldBe(world.Items[provider].Where(item => item.Source == source.Id && item.At >= Midnight(From) && item.At < Midnight(To)).Sum(item => item.Amount));
            if (provider == "twilio")
                made.Totals.StatedDifference.ShouldBe(0);
        }
    }

    [Fact]
    public async Task OpenRouter_is_asked_for_each_day()
    {
        await using var server = await SimServer.StartAsync();
        using var clients = BilledWorld.Clients();
        var collector = ProviderCatalogue.Whole.Find("openrouter")!.Collector;
        var source = new Source(BilledWorld.Tenant, "openrouter", "openrouter", new Uri(server.Http.BaseAddress!, "openrouter"), null, Duration.Zero, new Dictionary<string, string>());
        var credential = new Credential("one", new Dictionary<string, string> { ["managementKey"] = server.Directory.OpenRouterManagementKey });
        var account = new VendorAccount(source, [credential], clients.For(source, collector.Limits), BilledWorld.Numbers);

        var stated = await VendorLines.ReadAsync(new OpenedAccount(collector, account), new LocalDate(2026, 10, 10), new LocalDate(2026, 10, 15), NonePriced, default);

        stated.Lines.Select(line => (line.Metric, line.Date!.Value.Day, line.Unit, line.Quantity, line.Amount)).ShouldBe(
            server.World.Generations.GroupBy(made => made.EndedAt.InUtc().Date).Where(day => day.Key.Day is >= 10 and < 15).OrderBy(day => day.Key)
                .Select(day => ("llm.*", day.Key.Day, (string?)"generation", (decimal)day.Count(), day.Sum(made => made.Cost))));
    }

    [Fact]
    public async Task A_vendor_that_lists_its_records_is_asked_over_HTTP_and_asked_again_it_is_the_same_invoice()
    {
        await using var ledger = await CollectingLedger.OpenAsync();
        var day = ledger.Clock.Now.InUtc().Date.PlusDays(-1);
        ledger.Bureau.Send("a", Midnight(day), 0.07m);
        ledger.Bureau.Send("b", Midnight(day) + Duration.FromHours(23), 0.09m);
        ledger.Bureau.Send("c", Midnight(day.PlusDays(1)), 0.11m);
        await ledger.StartAsync();
        var caller = await ledger.CallerAsync();
        var asked = $$"""{"sourceId":"fax-main","from":"{{day:uuuu-MM-dd}}","to":"{{day.PlusDays(1):uuuu-MM-dd}}"}""";

        var made = await caller.PostAsync("/v1/provider-invoices/assemble", asked);
        var again = await caller.PostAsync("/v1/provider-invoices/assemble", asked);
        ledger.Bureau.Send("b", Midnight(day) + Duration.FromHours(23), 0.10m);
        var revised = await caller.PostAsync("/v1/provider-invoices/assemble", asked);

        (made.Status, (string)made.Json["amount"]!, (int)made.Json["lineCount"]!).ShouldBe((201, "0.16", 1), made.Text);
        ((string)again.Json["status"]!, (string)revised.Json["status"]!, (string)revised.Json["amount"]!).ShouldBe(("duplicate", "revised", "0.17"));
        (await caller.PostAsync("/v1/provider-invoices/assemble", asked.Replace("fax-main", "nobody", StringComparison.Ordinal))).Status.ShouldBe(404);
        await ledger.RowsAsync("delete from ledger.credentials");
        var without = await caller.PostAsync("/v1/provider-invoices/assemble", asked);
        (without.Status, without.Code).ShouldBe((409, "no_credentials"));
        (await caller.PostAsync("/v1/provider-invoices/assemble", """{"sourceId":"fax-main","from":"2026-10-02","to":"2026-10-02"}""")).Errors.ShouldBe(["/to out_of_range"]);
    }

    private static async Task<ReconciliationMade> ReconciledAsync(BilledWorld world, ProviderInvoice invoice)
    {
        var store = new InvoiceStore(world.Log.Database, world.Log.Reader);
        var received = await ReceiveInvoiceHandler.Handle(new ReceiveInvoice(BilledWorld.Tenant, "spec", invoice, "assembled", true), store, world.Appender, default);
        var command = new MakeReconciliation(BilledWorld.Tenant, "spec", received.Told!.InvoiceId, Tolerance.None);
        return (await MakeReconciliationHandler.Handle(
            command, store, new ReportStore(world.Log.Reader), world.Log.Reader, world.Appender, world.Log.Database, default)).Made!;
    }

    /// <summary>No policy takes a price here.</summary>
    private static Task<IReadOnlySet<Guid>> NonePriced(IReadOnlyList<Guid> usages) => throw new InvalidOperationException("Nobody took a price.");

    private static Instant Midnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();
}
