using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Reconciling;

public sealed class ReconcileVerbSpecs : IAsyncLifetime
{
    private LedgerDatabase database = null!;
    private LedgerProgram ledger = null!;

    public async Task InitializeAsync()
    {
        database = await LedgerCluster.CreateDatabaseAsync();
        ledger = new LedgerProgram(database.ConnectionString);
        await File.WriteAllTextAsync(ledger.In("usage.ndjson"), Desk.Usage("a", "05T10:00:00", "100", "0.10") + '\n');
        (await ledger.RunAsync("import", "usage.ndjson", "--tenant", "acme", "--source", "retell-main")).ShouldExit(0);
        await File.WriteAllTextAsync(ledger.In("invoice.csv"), """
            id,metric,date,quantity,amount,provider,number,periodStart,periodEnd
            1,call.llm,2026-10-05,100,0.12,retell,INV-7,2026-10-01,2026-11-01
            """);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task An_invoice_from_a_file_is_reconciled_by_its_number_and_differences_are_exit_code_1()
    {
        var imported = await ledger.RunAsync("invoices", "import", "invoice.csv", "--tenant", "acme", "--json");

        var differs = await ledger.RunAsync("reconcile", "--tenant", "acme", "--invoice", "INV-7");
        var tolerated = await ledger.RunAsync("reconcile", "--tenant", "acme", "--invoice", (string)imported.ShouldExit(0).Json["invoiceId"]!, "--tolerance", "0.02", "--json");

        differs.ShouldExit(1).Out.ShouldContain("price differs");
        differs.Out.ShouldContain("ledger 0.1 USD, vendor 0.12 USD, difference 0.02");
        ((string)tolerated.ShouldExit(0).Json["lines"]![0]!["status"]!, (string)tolerated.Json["findings"]![0]!["code"]!).ShouldBe(("matched", "tolerated"));
        (await ledger.RunAsync("reconcile", "--tenant", "acme", "--invoice", "INV-8")).ShouldExit(1);
        (await ledger.RunAsync("reconcile", "--tenant", "acme", "--invoice", "INV-7", "--tolerance", "much")).ShouldExit(2);
    }
}
