using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Anomalies;
using UsageLedger.IntegrationSpecs.Anomalies;
using UsageLedger.IntegrationSpecs.Coverage;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>
/// A week of simulated Twilio of which a day was never collected, the last prices have not come and one number is nobody's, and an hour of calls that a server
/// found unusual by itself: what is in the way of closing it, one by one, through the doors and through the executable.
/// </summary>
public sealed class ReadyToCloseSpecs
{
    private const int Day = 24;
    private const int Week = 4 * Day;
    private const string Cycle = "2026-09-28";
    private static readonly string[] All = ["pending_costs", "unattributed", "coverage", "open_anomalies"];

    [Fact]
    public async Task A_cycle_is_closed_by_force_for_a_reason_or_once_its_hole_anomaly_prices_and_strangers_are_mended()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 4, services => services.AddSingleton(new WatchPace(TimeSpan.FromMilliseconds(50))));
        var (unmapped, closed, others) = await UnreadyAsync(ledger);
        var overridden = new[] { await UnmetAsync(ledger, others[0]), await UnmetAsync(ledger, others[1]) };

        var check = await CyclesAsync(ledger, "close", closed, "--check", "--json");
        JsonNode.DeepEquals(check.ShouldExit(1).Json, (await ledger.Caller.GetAsync(PathOf(closed))).Json).ShouldBeTrue(check.Out);
        (await CyclesAsync(ledger, "close", closed, "--check")).ShouldExit(1).Out.ShouldContain("open_anomalies");
        var refused = await CloseAsync(ledger, closed, "{}", 409);
        ((string)refused["code"]!).ShouldBe("cycle_not_ready");
        Names(refused["preconditions"]!).ShouldBe(All);
        var said = (await CyclesAsync(ledger, "close", closed)).ShouldExit(1);
        (said.Errors.Trim(), said.Out).ShouldBe(((string)refused["detail"]!, ""));

        (await CloseAsync(ledger, others[0], """{"force":true,"reason":"the books must be shut"}""", 200))["cycle"]!["status"]!.ToString().ShouldBe("closed");
        ((string)(await CyclesAsync(ledger, "close", others[1], "--force", "--reason", "the quarter ends", "--json")).ShouldExit(0).Json["cycle"]!["status"]!).ShouldBe("closed");
        var told = await ClosesAsync(ledger);
        told.Select(close => (string)close["reason"]!).ShouldBe(["the books must be shut", "the quarter ends"]);
        told.Select(close => Names(close["overridden"]!)).ShouldBe(overridden);

        (await ledger.Caller.PostAsync("/v1/coverage/fill", $$"""{"sourceId":"twilio","from":"{{CoveredLedger.Time(0)}}","to":"{{CoveredLedger.Time(Week)}}"}""")).Status.ShouldBe(202);
        (await UnmetAsync(ledger, closed)).ShouldBe(["pending_costs", "unattributed", "open_anomalies"]);
        var anomaly = (await ledger.Caller.GetAsync($"/v1/anomalies?clientId={closed}&status=open")).Items.ShouldHaveSingleItem();
        (await ledger.Caller.PostAsync($"/v1/anomalies/{anomaly["id"]}/acknowledge", """{"note":"a campaign"}""")).Status.ShouldBe(200);
        (await UnmetAsync(ledger, closed)).ShouldBe(["pending_costs", "unattributed"]);
        await ledger.MapAsync(unmapped);
        await SpecLog.UntilAsync(async () => (await UnmetAsync(ledger, closed)).SequenceEqual(["pending_costs"]), "what was nobody's has an owner");
        await ledger.WakeAsync(Week + (5 * Day), "twilio", lost: true);
        await ledger.CollectAsync("twilio", 0, Week + (5 * Day));
        (await CyclesAsync(ledger, "close", closed, "--check", "--json")).ShouldExit(0).Json["ready"]!.GetValue<bool>().ShouldBeTrue();

        (await CloseAsync(ledger, closed, "{}", 200))["cycle"]!["status"]!.ToString().ShouldBe("closed");
        var last = (await ClosesAsync(ledger))[^1];
        (last["reason"], last["overridden"]?.AsArray().Count ?? 0).ShouldBe((null, 0));
    }

    /// <summary>The mapping that is left out, a client of whose week nothing is ready, and the others.</summary>
    private static async Task<(TruthMapping Unmapped, string Client, IReadOnlyList<string> Others)> UnreadyAsync(CoveredLedger ledger)
    {
        var clients = ledger.Vendors.Directory.Clients.Select(client => client.Id).ToList();
        foreach (var client in clients)
        {
            await ledger.PutAsync($"/v1/clients/{client}", new { Name = client, TimeZone = "UTC", Period = "weekly", AnchorDay = 1, GraceDays = 0, Currency = "USD" });
        }

        var unmapped = TrueMappings.Of(ledger.Vendors.World).First(mapping => mapping.Provider == "twilio");
        await ledger.ConfigureAsync("twilio", without: unmapped.Id);
        await ledger.WakeAsync(Day, "twilio", lost: true);
        var friday = CoveredLedger.From + NodaTime.Duration.FromHours(Day + 10);
        var lines = string.Join('\n', clients.SelectMany(client => UnusualHour.Lines(friday, client)));
        (await ledger.Caller.UsageAsync(lines, Caller.Lines)).Status.ShouldBe(200);
        await ledger.CollectAsync("twilio", 0, Day);
        await ledger.WakeAsync(Week + 2, "twilio", lost: true);
        await ledger.CollectAsync("twilio", 2 * Day, Week + 2);
        await SpecLog.UntilAsync(async () => await ledger.AskAsync<long>("select count(*) from read.anomalies") == clients.Count, "the server has judged");

        foreach (var client in clients)
        {
            if ((await UnmetAsync(ledger, client)).SequenceEqual(All))
            {
                return (unmapped, client, [.. clients.Where(other => other != client)]);
            }
        }

        throw new InvalidOperationException("The seed gives no client of whose week nothing is ready.");
    }

    private static string PathOf(string client) => $"/v1/clients/{client}/cycles/{Cycle}/close";

    private static async Task<JsonObject> CloseAsync(CoveredLedger ledger, string client, string body, int status)
    {
        var reply = await ledger.Caller.PostAsync(PathOf(client), body);
        reply.Status.ShouldBe(status, reply.Text);
        return reply.Json;
    }

    private static async Task<string[]> UnmetAsync(CoveredLedger ledger, string client)
    {
        await ledger.SettledAsync();
        var reply = await ledger.Caller.GetAsync(PathOf(client));
        reply.Status.ShouldBe(200, reply.Text);
        return [.. reply.Json["preconditions"]!.AsArray().Where(one => !one!["met"]!.GetValue<bool>()).Select(one => (string)one!["name"]!)];
    }

    private static async Task<List<JsonNode>> ClosesAsync(CoveredLedger ledger) =>
        [.. (await ledger.Caller.GetAsync("/v1/ledger/events?type=cycle_closed")).Json["events"]!.AsArray().Select(one => one!["data"]!)];

    private static Task<LedgerRun> CyclesAsync(CoveredLedger ledger, string verb, string client, params string[] more) =>
        ledger.Program.RunAsync(["cycles", verb, "--tenant", CoveredLedger.Tenant, "--client", client, "--cycle", Cycle, .. more]);

    private static string[] Names(JsonNode preconditions) => [.. preconditions.AsArray().Select(one => (string)one!["name"]!)];
}
