using System.Text.Json.Nodes;
using UsageLedger.IntegrationSpecs.Coverage;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Explaining;

/// <summary>What a server collected of simulated vendors, explained by one call and by one command.</summary>
public sealed class ExplainedRunSpecs
{
    private const int Day = 24;

    [Fact]
    public async Task Usage_that_runs_brought_tells_its_run_mapping_and_price_and_what_became_of_it_since()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 1);
        await ledger.ConfigureAsync("retell");
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(Day, "retell", lost: true);
        await ledger.CollectAsync("retell", 0, Day);
        await ledger.CollectAsync("twilio", 0, Day);
        var runs = (await ledger.Caller.GetAsync("/v1/collections")).Items.ToDictionary(run => (string)run["sourceId"]!, run => (string)run["runId"]!);
        await ledger.WakeAsync(5 * Day, "twilio", lost: true);
        await ledger.CollectAsync("twilio", 0, Day);
        var client = (await ledger.AskAsync<string>("select substr(stream_id, 8) from ledger.mt_events where type = 'usage_revised' and stream_id like 'client-%' order by seq_id limit 1"))!;
        var path = $"/v1/clients/{client}/cycles/2026-10/explain?limit=1000";
        var revised = Rows((await ledger.Caller.GetAsync(path)).Json).First(row => row["history"]!.AsArray().Count == 2);
        (await ledger.Caller.VoidAsync(Guid.Parse((string)revised["eventId"]!), """{"reason":"a wrong number"}""")).Status.ShouldBe(200);
        await ledger.SettledAsync();

        var (door, verb) = await AtOnePositionAsync(
            () => ledger.Caller.GetAsync(path), () => ledger.Program.RunAsync("cycles", "explain", "--tenant", "acme", "--client", client, "--cycle", "2026-10", "--json"));
        var text = (await ledger.Program.RunAsync("cycles", "explain", "--tenant", "acme", "--client", client, "--cycle", "2026-10", "--provider", "retell")).ShouldExit(0).Out;

        Told(verb.Json).ShouldBe(Told(door.Json), "the command and the call tell the same");
        var (rows, mappings) = (Rows(door.Json), TrueMappings.Of(ledger.Vendors.World).Where(mapping => mapping.ClientId == client).Select(mapping => mapping.Id).ToHashSet());
        rows.Select(row => (string)row["source"]!).Distinct().Order().ShouldBe(["retell", "twilio"]);
        rows.ShouldAllBe(row => (string?)row["runId"] == runs[(string)row["source"]!], "the run that brought it first, not the one that met it again");
        rows.ShouldAllBe(row => mappings.Contains((string)row["mappingId"]!));
        rows.Where(row => (string)row["source"]! == "retell").ShouldContain(row => row["unitCost"] != null);
        var voided = rows.Single(row => (string)row["eventId"]! == (string)revised["eventId"]!);
        voided["history"]!.AsArray().Select(told => $"{told!["type"]} {told["cost"] != null} {told["reason"]}").ShouldBe(
            ["usage_recorded False ", "usage_revised True ", "usage_voided True a wrong number"]);
        ((string)voided["quantity"]!, (string)voided["cost"]!, (int)voided["records"]!).ShouldBe(("0", "0", 0));
        text.ShouldContain($", by run {runs["retell"]}");
        text.ShouldContain(", by mapping retell-");
        text.ShouldContain(" of retell: ");
        text.ShouldNotContain(" of twilio: ");
    }

    /// <summary>A server at leisure appends now and then, of days that it has added up.</summary>
    private static async Task<(Reply Door, LedgerRun Verb)> AtOnePositionAsync(Func<Task<Reply>> ask, Func<Task<LedgerRun>> run)
    {
        for (var tries = 0; ; tries++)
        {
            var (door, verb) = (await ask(), (await run()).ShouldExit(0));
            if (tries == 9 || (long)door.Json["position"]! == (long)verb.Json["position"]!)
                return (door, verb);
        }
    }

    /// <summary>All but whether the cycle is over, which is told by the clock of whoever is asked.</summary>
    private static string Told(JsonObject explanation) =>
        new JsonObject(explanation.Where(member => member.Key != "cycle").Select(member => KeyValuePair.Create(member.Key, member.Value?.DeepClone()))).ToJsonString();

    private static List<JsonNode> Rows(JsonNode explanation) => [.. explanation["rows"]!.AsArray().Select(row => row!)];
}
