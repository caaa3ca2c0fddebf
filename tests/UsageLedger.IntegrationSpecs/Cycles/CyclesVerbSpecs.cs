using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Cycles;

public sealed class CyclesVerbSpecs : IAsyncLifetime
{
    private const string September = """
        {"idempotencyKey":"1","provider":"retell","metric":"call","quantity":"1.50","unit":"minute","cost":"0.25","occurredAt":"2025-09-02T10:00:00Z"}
        """;

    private LedgerDatabase database = null!;
    private LedgerProgram ledger = null!;

    public async Task InitializeAsync()
    {
        database = await LedgerCluster.CreateDatabaseAsync();
        ledger = new LedgerProgram(database.ConnectionString);
        await ImportAsync(September);
    }

    public async Task DisposeAsync() => await database.DisposeAsync();

    [Fact]
    public async Task A_cycle_is_shown_as_HTTP_answers_it_or_as_a_table()
    {
        var json = await CyclesAsync("show", "2025-09", "--json");
        var table = await CyclesAsync("show", "2025-09");

        json.ShouldExit(0).Out.Trim().ShouldBe("""
            {"clientId":"contoso","cycle":{"id":"2025-09-01","start":"2025-09-01T00:00:00Z","end":"2025-10-01T00:00:00Z","timeZone":"UTC","status":"closing"},
            "lines":[{"provider":"retell","metric":"call","agentId":null,"unit":"minute","quantity":"1.5","cost":"0.25","currency":"USD","records":1,
            "quality":{"records":1,"revised":0,"voided":0,"pendingCost":0,"firstEventAt":"2025-09-02T10:00:00Z","lastEventAt":"2025-09-02T10:00:00Z","priceChanges":0}}],
            "adjustments":[],"totals":[{"currency":"USD","cost":"0.25"}],
            "quality":{"records":1,"duplicates":0,"revised":0,"voided":0,"late":0,"pendingCost":0,"unattributed":0,"coverage":null,
            "firstEventAt":"2025-09-02T10:00:00Z","lastEventAt":"2025-09-02T10:00:00Z","priceChanges":0},"position":1}
            """.ReplaceLineEndings(""));
        table.ShouldExit(0).Out.ShouldContain("total 0.25 USD");
        table.Out.ShouldNotContain('\u001b'.ToString());
    }

    [Fact]
    public async Task A_close_without_a_server_shows_the_closed_cycle_and_later_usage_as_an_adjustment()
    {
        var closed = await CyclesAsync("close", "2025-09", "--json");
        var again = await CyclesAsync("close", "2025-09-01", "--json");
        await ImportAsync(September.Replace("\"1\"", "\"2\"", StringComparison.Ordinal));
        var current = await CyclesAsync("show", "current", "--json");

        ((string)closed.ShouldExit(0).Json["cycle"]!["status"]!).ShouldBe("closed");
        again.Out.ShouldBe(closed.Out);
        ((string)current.Json["adjustments"]![0]!["originCycle"]!).ShouldBe("2025-09-01");
        Directory.GetFiles(ledger.In("checkpoints"), "*.txt", SearchOption.AllDirectories).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task What_cannot_be_is_1_and_what_cannot_be_meant_is_2()
    {
        (await CyclesAsync("show", "2025-09-02")).ShouldExit(1);
        (await ledger.RunAsync("cycles", "show", "--tenant", "acme", "--client", "nobody", "--cycle", "current")).ShouldExit(1);
        (await ledger.RunAsync("cycles", "show", "--tenant", "nobody", "--client", "contoso", "--cycle", "current")).ShouldExit(1);
        (await CyclesAsync("close", "current", "--force", "--reason", "now")).ShouldExit(1);
        (await CyclesAsync("close", "2025-09", "--force", "--reason", "")).ShouldExit(2);
        (await ledger.RunAsync("cycles", "show", "--tenant", "acme")).ShouldExit(2);
    }

    private Task<LedgerRun> CyclesAsync(string verb, string cycle, params string[] more) =>
        ledger.RunAsync(["cycles", verb, "--tenant", "acme", "--client", "contoso", "--cycle", cycle, .. more]);

    private async Task ImportAsync(string lines)
    {
        await File.WriteAllTextAsync(ledger.In("usage.ndjson"), lines);
        (await ledger.RunAsync("import", ledger.In("usage.ndjson"), "--tenant", "acme", "--source", "spec", "--client", "contoso")).ShouldExit(0);
    }
}
