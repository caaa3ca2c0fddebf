using System.Text.RegularExpressions;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Demo;

public sealed partial class DemoSpecs
{
    [Fact]
    public async Task The_demo_holds_on_a_fresh_machine_and_again_on_what_it_left_there()
    {
        var program = new LedgerProgram();

        var first = (await program.RunAsync("demo", "--exit")).ShouldExit(0);
        var again = (await program.RunAsync("demo", "--exit")).ShouldExit(0);

        foreach (var run in (LedgerRun[])[first, again])
        {
            run.Errors.ShouldBeEmpty();
            run.Out.ShouldNotContain('\u001b');
            var changed = Changed().Match(run.Out).Groups["position"].Value;
            run.Out.ShouldContain($"verify names exactly position {changed}");
            run.Out.ShouldContain("the original is whole");
        }

        Accepted().Match(first.Out).Groups["accepted"].Value.Length.ShouldBe("41,141".Length);
        Accepted().Match(again.Out).Groups["accepted"].Value.ShouldBe("0");
        File.Exists(program.In("pg/postmaster.pid")).ShouldBeFalse();
    }

    [Fact]
    public async Task Made_up_usage_keeps_out_of_a_database_that_others_use()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        var program = new LedgerProgram(database.ConnectionString);
        await File.WriteAllTextAsync(program.In("usage.csv"), """
            idempotencyKey,provider,metric,quantity,unit,occurredAt
            call-1,voice,call,61,second,2026-10-20T12:00:00Z

            """);
        (await program.RunAsync("import", program.In("usage.csv"), "--tenant", "acme", "--source", "switchboard")).ShouldExit(0);

        (await program.RunAsync("demo", "--exit")).ShouldExit(2).Errors.ShouldContain("other tenants");
    }

    [Fact]
    public async Task It_serves_no_json() => (await new LedgerProgram().RunAsync("demo", "--json")).ShouldExit(2);

    [GeneratedRegex(@"where seq_id = (?<position>\d+)")]
    private static partial Regex Changed();

    [GeneratedRegex(@"^(?<accepted>[\d,]+) accepted", RegexOptions.Multiline)]
    private static partial Regex Accepted();
}
