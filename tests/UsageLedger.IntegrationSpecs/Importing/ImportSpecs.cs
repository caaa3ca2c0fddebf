using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Importing;

public sealed class ImportSpecs(ImportLedger ledger) : IClassFixture<ImportLedger>
{
    private static readonly string[] Counts = ["accepted", "duplicates", "revised", "conflicts", "rejected"];

    [Fact]
    public async Task A_file_of_lines_is_recorded_once_however_often_it_is_imported()
    {
        var file = await ledger.FileAsync("calls.ndjson", Enumerable.Range(0, 12_000).Select(index => Record($"{index}")));

        var first = (await ledger.ImportAsync(file, "lines")).ShouldExit(0);
        var again = (await ledger.ImportAsync(file, "lines")).ShouldExit(0);

        first.Json.Select(member => member.Key).Take(6).ShouldBe([.. Counts, "position"]);
        Told(first).ShouldBe("12000 accepted");
        Told(again).ShouldBe("12000 duplicates");
        again.Json["position"]!.GetValue<long>().ShouldBe(first.Json["position"]!.GetValue<long>());
        (await ledger.CountAsync("lines")).ShouldBe(12_000);
        first.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_table_has_the_members_of_records_as_columns()
    {
        var file = await ledger.FileAsync(
            "calls.csv",
            "\uFEFFidempotencyKey,provider,metric,quantity,unit,occurredAt,unitCost,agentId,attributes.note",
            "a,retell,call.seconds,61.5,second,2024-10-01T12:00:00+02:00,0.002,agent-7,\"said \"\"no\"\", twice\"",
            "b,retell,call.seconds,6E1,second,2024-10-01T10:00:00Z,,,");

        Told((await ledger.ImportAsync(file, "table", "--client", "contoso")).ShouldExit(0)).ShouldBe("2 accepted");

        var data = (await ledger.DataAsync("table")).Select(row => JsonNode.Parse(row)!).ToList();
        JsonNode.DeepEquals(data[0], JsonNode.Parse("""
            {
              "source": "files", "idempotencyKey": "a", "provider": "retell", "metric": "call.seconds", "quantity": "61.5", "unit": "second",
              "unitCost": "0.002", "cost": "0.123", "currency": "USD", "clientId": "contoso", "agentId": "agent-7",
              "occurredAt": "2024-10-01T10:00:00Z", "attributes": {"note": "said \"no\", twice"}
            }
            """)).ShouldBeTrue(data[0].ToJsonString());
        data[1].AsObject().Select(member => member.Key).ShouldNotContain("cost", "it is pending, not zero");
    }

    [Fact]
    public async Task A_trace_of_a_language_model_is_two_records_a_row()
    {
        var file = await ledger.FileAsync("trace.csv", "TIMESTAMP,ContextTokens,GeneratedTokens", "2023-11-16 18:17:03.9799600,4808,10", "2023-11-16 18:17:04.0319600,3180,8");

        Told((await ledger.ImportAsync(file, "trace", "--format", "llm-trace", "--price", "llm.tokens.input=0.00000015")).ShouldExit(0)).ShouldBe("4 accepted");

        (await ledger.DataAsync("trace")).Select(row => JsonNode.Parse(row)!)
            .Select(data => $"{data["idempotencyKey"]} {data["provider"]} {data["quantity"]} {data["unit"]} {data["cost"]} {data["occurredAt"]}").ShouldBe(
            [
                "trace.csv:1:llm.tokens.input llm 4808 token 0.0007212 2023-11-16T18:17:03.97996Z",
                "trace.csv:1:llm.tokens.output llm 10 token  2023-11-16T18:17:03.97996Z",
                "trace.csv:2:llm.tokens.input llm 3180 token 0.000477 2023-11-16T18:17:04.03196Z",
                "trace.csv:2:llm.tokens.output llm 8 token  2023-11-16T18:17:04.03196Z",
            ]);
    }

    [Fact]
    public async Task Lines_that_are_refused_or_in_conflict_are_named_and_the_others_recorded()
    {
        var file = await ledger.FileAsync(
            "mixed.ndjson",
            Record("a"), "", Record("a"), Record("a", ("quantity", "7")), "{\"idempotencyKey\":", Record("b", ("quantity", "-1")), Record("c", ("source", "others")), Record("d"));

        var run = (await ledger.ImportAsync(file, "mixed")).ShouldExit(1);

        Told(run).ShouldBe("2 accepted 1 duplicates 1 conflicts 3 rejected");
        run.Json["problems"]!.AsArray().Select(problem => $"{problem!["line"]} {problem["code"]} {problem["at"]}".Trim()).ShouldBe(
            ["4 key_reused", "5 invalid_json", "6 negative_quantity /quantity", "7 other_source /source"]);
        (await ledger.CountAsync("mixed")).ShouldBe(2);

        var told = (await ledger.Program.RunAsync("import", file, "--tenant", "mixed", "--source", "files")).ShouldExit(1).Out;
        told.ShouldContain("0 accepted, 3 duplicates, 0 revised, 1 in conflict, 3 rejected");
        foreach (var line in new[] { "line 4", "line 5", "line 6", "line 7" })
            told.ShouldContain(line);
    }

    [Fact]
    public async Task Client_price_and_revision_are_for_records_that_do_not_say_themselves()
    {
        var file = await ledger.FileAsync("own.ndjson", Record("a"), Record("b", ("clientId", "fabrikam"), ("cost", "9")));
        var dearer = await ledger.FileAsync("dearer.ndjson", Record("a", ("quantity", "60")));

        (await ledger.ImportAsync(file, "own", "--client", "contoso", "--price", "call.seconds=0.5")).ShouldExit(0);
        Told((await ledger.ImportAsync(file, "own", "--client", "contoso", "--price", "call.seconds=0.6")).ShouldExit(1)).ShouldBe("1 duplicates 1 conflicts");
        Told((await ledger.ImportAsync(dearer, "own", "--client", "contoso", "--revision")).ShouldExit(0)).ShouldBe("1 revised");

        (await ledger.DataAsync("own")).Take(2).Select(row => JsonNode.Parse(row)!).Select(data => $"{data["clientId"]} {data["cost"]}")
            .ShouldBe(["contoso 30.75", "fabrikam 9"]);
    }

    [Theory]
    [InlineData("--format", "parquet")]
    [InlineData("--price", "call.seconds")]
    [InlineData("--price", "call.seconds=cheap")]
    [InlineData("--client", "con/toso")]
    public async Task What_cannot_be_meant_is_misuse(string option, string value)
    {
        var file = await ledger.FileAsync("misuse.ndjson", Record("a"));

        var run = (await ledger.ImportAsync(file, "misuse", option, value)).ShouldExit(2);

        (run.Out, run.Errors.Contains(option, StringComparison.Ordinal)).ShouldBe(("", true));
        (await ledger.CountAsync("misuse")).ShouldBe(0);
    }

    private static string Told(LedgerRun run) =>
        string.Join(' ', Counts.Where(name => run.Json[name]!.GetValue<long>() != 0).Select(name => $"{run.Json[name]} {name}"));

    /// <summary>A record without client and cost.</summary>
    private static string Record(string key, params (string Name, JsonNode? Value)[] members) =>
        Usage.Record(key, [("clientId", null), ("unitCost", null), .. members]);
}
