using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Reconciling.Reports;
using UsageLedger.Replaying;
using static UsageLedger.IntegrationSpecs.Cycles.Books;

namespace UsageLedger.IntegrationSpecs.Replaying;

public sealed class SignedOffAuditSpecs
{
    private static readonly Guid Reconciliation = Guid.Parse("2f1b3a52-0c1e-4a8e-9a0c-0d5a6f0b7c11");
    private static readonly Guid Invoice = Guid.Parse("7c0e6a0e-92c7-4d0a-8a52-6a9d6c1f7e22");

    [Fact]
    public async Task What_was_signed_off_for_the_time_of_a_cycle_still_holds_and_is_told()
    {
        await using var books = await SignedAsync();

        var audit = await books.AuditAsync("2026-08");

        audit.Differences.ShouldBeEmpty();
        audit.Reconciliations.ShouldHaveSingleItem().ShouldSatisfyAllConditions(
            told => told.InvoiceNumber.ShouldBe("R-8"), told => told.LedgerCost.ShouldBe("2.2"), told => told.Difference.ShouldBe("0.3"));
        (await books.AuditAsync("2026-09")).Reconciliations.ShouldBeEmpty();
        (await books.AuditAsync("2026-08", asOf: 1)).Reconciliations.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("update read.reconciliations set ledger_cost = 99", "reconciliation_differs ledger's cost of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{lines,0,difference}', '"0.2"') where type = 'reconciliation_lines'""",
        "event_changed, reconciliation_differs difference of its lines of invoice R-8")]
    [InlineData(
        """update ledger.mt_events set data = jsonb_set(data, '{reportHash}', '"00"') where type = 'reconciliation_signed_off'""",
        "event_changed, reconciliation_differs signed report of invoice R-8")]
    public async Task What_was_signed_off_and_changed_since_is_named(string change, string found)
    {
        await using var books = await SignedAsync();
        await books.ArriveAsync();
        await books.Log.DoAsync(change);

        string.Join(", ", (await books.AuditAsync("2026-08")).Differences.Select(one => one.Kind == AuditDifference.EventChanged ? one.Kind : $"{one.Kind} {one.At}")).ShouldBe(found);
    }

    [Fact]
    public async Task Lines_that_a_host_left_of_another_report_are_not_counted_with_those_that_were_signed()
    {
        await using var books = await SignedAsync(orphans: true);

        (await books.AuditAsync("2026-08")).Differences.ShouldBeEmpty();
    }

    private static async Task<Books> SignedAsync(bool orphans = false)
    {
        var books = await Eventful.OpenAsync();
        var position = await books.Log.HeadAsync();
        var root = Convert.ToHexStringLower(await new TreeReader(new LogTiles(books.Log.Database)).RootAsync(position, default));
        var (start, end) = (At("2026-08-01T00:00:00Z"), At("2026-09-01T00:00:00Z"));
        var line = new ReportLine(
            1, "1", "call", null, null, "minute", new ReportPeriod(start, end), LineStatus.PriceDiffers, new ReportFigures(22m, 2.2m, 3, 0),
            new ReportFigures(22m, 2.5m), 0.3m, null, null, null, null);
        var made = new ReconciliationMade(
            Reconciliation, Invoice, "R-8", 1, "retell", null, start, end, "UTC", "USD", Tolerance.None, position, position, root,
            new StatusCounts(0, 0, 0, 0, 1, 0), new ReportTotals(2.2m, 2.5m, 0.3m, null, null), [], 1, 1, "ab12");
        if (orphans)
            await books.AppendAsync(new ReconciliationLines(Reconciliation, "cd34", 1, [line]).ToEvent(Tenant, Invoice));
        await books.AppendAsync(new ReconciliationLines(Reconciliation, "ab12", 1, [line]).ToEvent(Tenant, Invoice));
        await books.AppendAsync(made.ToEvent(Tenant));
        await books.AppendAsync(new ReconciliationSignedOff(Reconciliation, Invoice, "checked", Guid.Empty, "finance", position, position, root, "ab12").ToEvent(Tenant));
        return books;
    }
}
