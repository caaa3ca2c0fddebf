using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
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
            var collector = Providers.Find(provider)!.Collector;
            using var clients = BilledWorld.Clients();
            var account = new VendorAccount(source, [credential], clients.For(source, collector.Limits), BilledWorld.Numbers);

            var stated = await VendorLines.ReadAsync(new OpenedAccount(collector, account), From, To, default);

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

    private static async Task<ReconciliationMade> ReconciledAsync(BilledWorld world, ProviderInvoice invoice)
    {
        var store = new InvoiceStore(world.Log.Database, world.Log.Reader);
        var received = await ReceiveInvoiceHandler.Handle(new ReceiveInvoice(BilledWorld.Tenant, "spec", invoice, "assembled", true), store, world.Appender, default);
        var command = new MakeReconciliation(BilledWorld.Tenant, "spec", received.Told!.InvoiceId, Tolerance.None);
        return (await MakeReconciliationHandler.Handle(
            command, store, new ReportStore(world.Log.Reader), world.Log.Reader, world.Appender, world.Log.Database, default)).Made!;
    }

    private static Instant Midnight(LocalDate day) => day.AtMidnight().InUtc().ToInstant();
}
