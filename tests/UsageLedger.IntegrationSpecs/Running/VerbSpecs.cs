using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Running;

[Collection(RunningLedger.Name)]
public sealed class VerbSpecs(EmbeddedLedger ledger)
{
    [Theory]
    [InlineData]
    [InlineData("conjure")]
    [InlineData("verify", "--conjure")]
    [InlineData("keys")]
    [InlineData("keys", "create", "--tenant", "acme")]
    [InlineData("import", "/nowhere/usage.csv", "--tenant", "acme", "--source", "api")]
    [InlineData("projections", "rebuild", "conjured")]
    [InlineData("serve", "--urls", "somewhere")]
    [InlineData("serve", "--urls", "https://127.0.0.1:5081")]
    public async Task Misuse_is_exit_code_2_and_told_on_standard_error(params string[] arguments)
    {
        var run = (await ledger.Program.RunAsync(arguments)).ShouldExit(2);

        run.Out.ShouldBeEmpty();
        run.Errors.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Help_names_every_verb()
    {
        var help = (await ledger.Program.RunAsync("--help")).ShouldExit(0).Out;

        foreach (var verb in new[] { "serve", "migrate", "keys", "import", "verify", "projections" })
            help.ShouldContain($"  {verb} ");
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_exit_code_1_in_a_line()
    {
        var nowhere = new LedgerProgram("Host=127.0.0.1;Port=1;Username=ledger;Password=hush;Database=ledger");

        var run = (await nowhere.RunAsync("verify", "--json")).ShouldExit(1);

        run.Out.ShouldBeEmpty();
        run.Errors.Trim().ShouldNotContain("\n");
        run.Errors.ShouldNotContain("hush");
    }

    [Fact]
    public async Task The_state_of_the_projections_is_told_beside_a_running_server()
    {
        var status = (await ledger.Program.RunAsync("projections", "status", "--json")).ShouldExit(0).Json;

        Names(status).ShouldBe(["projections"]);
        var projections = status["projections"]!.AsArray();
        projections.Select(one => (string)one!["name"]!).ShouldContain("cycle_aggregates");
        foreach (var one in projections)
        {
            Names(one!).Take(4).ShouldBe(["name", "position", "lag", "state"]);
            one!["position"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(0);
            ((string)one["state"]!).ShouldBe("running");
        }
    }

    [Fact]
    public async Task Read_models_are_rebuilt_beside_a_running_server_and_are_the_same()
    {
        var recorded = await ledger.Caller.UsageAsync(Usage.Array(200, "rebuilt"));

        var rebuilt = (await ledger.Program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0).Json;

        Names(rebuilt).ShouldBe(["projections"]);
        foreach (var one in rebuilt["projections"]!.AsArray())
        {
            Names(one!).Take(3).ShouldBe(["name", "events", "differences"]);
            one!["events"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(recorded.Position);
            one["differences"]!.GetValue<long>().ShouldBe(0);
        }

        (await ledger.Program.RunAsync("projections", "rebuild", "usage_buckets", "--json")).ShouldExit(0)
            .Json["projections"]!.AsArray().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_log_is_verified_beside_a_running_server()
    {
        var recorded = await ledger.Caller.UsageAsync(Usage.Array(3, "verified"));

        var outcome = (await ledger.Program.RunAsync("verify", "--json")).ShouldExit(0).Json;

        Names(outcome).ShouldBeSubsetOf(["whole", "events", "treeSize", "damaged", "rootHash", "checkpoints", "unknownKeys", "damagedTotal"]);
        outcome["whole"]!.GetValue<bool>().ShouldBeTrue();
        outcome["events"]!.GetValue<long>().ShouldBeGreaterThanOrEqualTo(recorded.Position);
        outcome["treeSize"]!.GetValue<long>().ShouldBe(outcome["events"]!.GetValue<long>());
        outcome["damaged"]!.AsArray().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0")]
    public async Task A_kept_head_of_which_a_power_cut_left_the_name_alone_is_noted_and_no_damage(string left)
    {
        await ledger.Caller.UsageAsync(Usage.Array(1, "kept"));
        var kept = Directory.CreateDirectory(ledger.Program.In("checkpoints")).FullName;
        var empty = Path.Combine(kept, "2026-01-01-0000000000000000001.txt");
        await File.WriteAllTextAsync(empty, left);
        try
        {
            (await ledger.Program.RunAsync("verify")).ShouldExit(0).Out.ShouldContain("note: the kept checkpoint 2026-01-01-0000000000000000001.txt is an empty file");
        }
        finally
        {
            File.Delete(empty);
        }
    }

    private static IEnumerable<string> Names(JsonNode node) => node.AsObject().Select(member => member.Key);
}
