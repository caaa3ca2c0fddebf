using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Demo;

public sealed class ImportedCyclesSpecs : IAsyncLifetime
{
    private LedgerDatabase _database = null!;
    private LedgerProgram _program = null!;

    public async Task InitializeAsync()
    {
        _database = await LedgerCluster.CreateDatabaseAsync();
        _program = new LedgerProgram(_database.ConnectionString);
    }

    public async Task DisposeAsync() => await _database.DisposeAsync();

    [Fact]
    public async Task An_import_ends_with_the_latest_cycles_that_it_filled()
    {
        var run = await ImportAsync("2026-03-02", "2026-04-02", "2026-06-02", "2026-07-02");

        run.Out.ShouldContain("cycle 2026-07-01");
        run.Out.ShouldContain("cycle 2026-06-01");
        run.Out.ShouldContain("cycle 2026-04-01");
        run.Out.ShouldNotContain("cycle 2026-05-01");
        run.Out.ShouldContain("Earlier cycles were filled too: ledger cycles show --tenant acme --client contoso --cycle 2026-03-01");
        run.Out.ShouldContain("total 0.07625 USD");
    }

    [Fact]
    public async Task What_came_for_a_closed_cycle_is_shown_in_the_current_one()
    {
        await ImportAsync("2026-03-02");
        (await _program.RunAsync("cycles", "close", "--tenant", "acme", "--client", "contoso", "--cycle", "2026-03")).ShouldExit(0);

        var run = await ImportAsync("2026-03-03");

        run.Out.ShouldContain("cycle 2026-03-01, closed");
        run.Out.ShouldContain("Adjustments of closed cycles:");
    }

    private async Task<LedgerRun> ImportAsync(params string[] days)
    {
        var lines = days.Select(day => $"call-{day},voice,call,61,second,0.00125,{day}T12:00:00Z");
        await File.WriteAllLinesAsync(_program.In("usage.csv"), ["idempotencyKey,provider,metric,quantity,unit,unitCost,occurredAt", .. lines]);
        return (await _program.RunAsync("import", _program.In("usage.csv"), "--tenant", "acme", "--source", "switchboard", "--client", "contoso")).ShouldExit(0);
    }
}
