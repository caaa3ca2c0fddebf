using Npgsql;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Running;

[Collection(RunningLedger.Name)]
public sealed class AuditorVerbSpecs(EmbeddedLedger ledger)
{
    [Fact]
    public async Task An_auditor_of_the_embedded_ledger_logs_in_with_the_password_that_was_printed()
    {
        (await ledger.Caller.UsageAsync(Usage.Record("for-the-auditor"))).Status.ShouldBe(200);
        var made = (await ledger.Program.RunAsync("auditors", "create", "jane", "--tenant", "acme", "--json")).ShouldExit(0).Json;

        await using (var auditor = new NpgsqlConnection(
            $"Host={made["host"]};Port={made["port"]};Database={made["database"]};Username=jane;Password={made["password"]};Pooling=false"))
        {
            await auditor.OpenAsync();
            (await auditor.RowsAsync("select distinct tenant_id from reports.events")).ShouldBe(["acme"]);
        }

        (await ledger.Program.RunAsync("auditors", "create", "jane", "--tenant", "globex")).ShouldExit(0).Errors.ShouldContain("keeps its password");
        var renewed = (await ledger.Program.RunAsync("auditors", "create", "jane", "--tenant", "acme", "--new-password")).ShouldExit(0).Out.Trim();
        renewed.ShouldNotBe((string)made["password"]!);
        await using (var auditor = new NpgsqlConnection(
            $"Host={made["host"]};Port={made["port"]};Database={made["database"]};Username=jane;Password={renewed};Pooling=false"))
        {
            await auditor.OpenAsync();
        }

        (await ledger.Program.RunAsync("auditors", "list")).ShouldExit(0).Out.ShouldContain("jane: acme,globex");
        (await ledger.Program.RunAsync("auditors", "drop", "jane")).ShouldExit(0);
        (await ledger.Program.RunAsync("auditors", "drop", "jane")).ShouldExit(1).Errors.ShouldContain("jane is no auditor");
    }

    [Theory]
    [InlineData("ledger", "acme", "no auditor")]
    [InlineData("Jane", "acme", "a-z 0-9 _")]
    [InlineData("jane2", "Acme Corp", "a-z 0-9 -")]
    public async Task An_auditor_that_cannot_be_is_misuse(string role, string tenant, string said) =>
        (await ledger.Program.RunAsync("auditors", "create", role, "--tenant", tenant)).ShouldExit(2).Errors.ShouldContain(said);
}
