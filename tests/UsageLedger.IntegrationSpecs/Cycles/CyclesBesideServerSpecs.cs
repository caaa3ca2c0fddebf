using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Cycles;

[Collection(RunningLedger.Name)]
public sealed class CyclesBesideServerSpecs(EmbeddedLedger ledger)
{
    [Fact]
    public async Task A_cycle_is_shown_and_closed_beside_a_running_server()
    {
        var caller = await ledger.CallerAsync("cycles-beside", "ingest,query");
        await caller.UsageAsync("""
            {"idempotencyKey":"1","clientId":"contoso","provider":"retell","metric":"call","quantity":"1.50","unit":"minute","occurredAt":"2025-09-02T10:00:00Z"}
            """);

        (await CyclesAsync("show")).ShouldExit(0).Json["lines"]![0]!["quantity"]!.ToString().ShouldBe("1.5");
        var closed = (await CyclesAsync("close")).ShouldExit(0);

        var read = await caller.GetAsync("/v1/clients/contoso/cycles/2025-09");
        closed.Json["cycle"]!.ToJsonString().ShouldBe(read.Json["cycle"]!.ToJsonString());
        closed.Json["cycle"]!["status"]!.ToString().ShouldBe("closed");
    }

    private Task<LedgerRun> CyclesAsync(string verb) =>
        ledger.Program.RunAsync("cycles", verb, "--tenant", "cycles-beside", "--client", "contoso", "--cycle", "2025-09", "--json");
}
