using System.Text.Json.Nodes;
using NodaTime;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Anomalies;

/// <summary>The executable's own anomalies, by the clock on the wall: it imports, judges, shows, acknowledges and judges again.</summary>
public sealed class AnomaliesVerbSpecs(SharedLog shared) : IClassFixture<SharedLog>
{
    private const string Changed = """
        update ledger.mt_events set data = jsonb_set(data, '{came}', '"12001"') where type = 'anomaly_opened'
        """;

    private readonly SpecLog log = shared.Log;
    private readonly LedgerProgram program = new(shared.Log.ConnectionString);

    [Fact]
    public async Task What_is_unusual_is_judged_shown_and_acknowledged_and_found_again()
    {
        await ImportAsync("acme");
        (await AnomaliesAsync("judge", "--json")).ShouldExit(0).Out.Trim().ShouldBe("""{"hours":672,"opened":1,"resolved":0}""");
        (await AnomaliesAsync("judge")).ShouldExit(0).Out.ShouldMatch("^[01] hours judged, 0 anomalies opened, 0 resolved\\.\\s*$");

        var open = One(await AnomaliesAsync("--status", "open", "--client", "contoso", "--json"));
        ((string)open["kind"]!, (string)open["status"]!, (string)open["expected"]!, (string)open["came"]!).ShouldBe(("spike", "open", "2400", "12000"));
        var (id, sentence) = ((string)open["id"]!, (string)open["sentence"]!);
        (await AnomaliesAsync()).ShouldExit(0).Out.ReplaceLineEndings("\n").ShouldBe($"{id} spike, open\n    {sentence}\n");
        (await AnomaliesAsync("--status", "resolved")).ShouldExit(0).Out.Trim().ShouldBe("There are no such anomalies.");

        (await AnomaliesAsync("ack", id, "--note", "a campaign")).ShouldExit(0).Out.ReplaceLineEndings("\n").ShouldBe($"{id} spike, acknowledged\n    {sentence}\n    a campaign\n");
        var again = One(await AnomaliesAsync("ack", id, "--note", "another word", "--json"));
        ((string)again["status"]!, (string)again["acknowledgedBy"]!, (string)again["note"]!).ShouldBe(("acknowledged", "command-line", "a campaign"));

        var check = (await AnomaliesAsync("verify", "--json")).ShouldExit(0).Json;
        (check["events"]!.GetValue<long>(), check["differences"]!.GetValue<long>(), check["passed"]!.GetValue<int>()).ShouldBe((1, 0, 0));
        await log.DoAsync(Changed);
        var changed = (await AnomaliesAsync("verify")).ShouldExit(1);
        changed.Out.ShouldContain("0 events are as they were told, 2 differ.");
        changed.Out.ShouldContain("not found again: " + id);
    }

    [Fact]
    public async Task Hours_that_cannot_be_judged_now_are_told_and_the_exit_code_is_1()
    {
        await ImportAsync("globex");
        await log.DoAsync("create table kept as select seq_id, data from ledger.mt_events where seq_id = (select max(seq_id) from ledger.mt_events where tenant_id = 'globex')");
        await log.DoAsync("""update ledger.mt_events set data = jsonb_set(data, '{quantity}', '"many"') where seq_id = (select seq_id from kept)""");

        var behind = (await program.RunAsync("anomalies", "judge", "--tenant", "globex")).ShouldExit(1);

        behind.Out.ShouldContain("0 hours judged");
        behind.Errors.ShouldContain("the read models do not come to the end of the log; 'ledger projections status' tells why.");
        await log.DoAsync("update ledger.mt_events e set data = kept.data from kept where e.seq_id = kept.seq_id");
        (await program.RunAsync("anomalies", "judge", "--tenant", "globex")).ShouldExit(0).Out.ShouldContain("672 hours judged, 1 anomalies opened");
        await log.DoAsync("drop table kept");
    }

    [Theory]
    [InlineData(2, "The anomaly's id is the one that 'anomalies' shows.", "ack", "spike", "--note", "seen")]
    [InlineData(2, "--note must hold 1 to 500 characters.", "ack", "0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90", "--note", "")]
    [InlineData(2, "--note", "ack", "0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90")]
    [InlineData(1, "acme has no anomaly 0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90.", "ack", "0192b1a0-6e2c-8f4d-9a51-3b6f2c7d8e90", "--note", "seen")]
    [InlineData(2, "--status is 'closed'; it can be open, acknowledged or resolved.", "--status", "closed")]
    public async Task Wrong_input_is_named_on_standard_error(int code, string said, params string[] arguments)
    {
        var run = (await AnomaliesAsync(arguments)).ShouldExit(code);

        run.Errors.ShouldContain(said);
        run.Out.ShouldBeEmpty();
    }

    /// <summary>The last hour that is settled by now is the unusual one.</summary>
    private async Task ImportAsync(string tenant)
    {
        var last = ThisHour() - Duration.FromHours(3);
        await File.WriteAllLinesAsync(program.In("usage.ndjson"), UnusualHour.Lines(last, "contoso"));
        (await program.RunAsync("import", program.In("usage.ndjson"), "--tenant", tenant, "--source", "voice")).ShouldExit(0);
    }

    private static Instant ThisHour() => Instant.FromUnixTimeSeconds(SystemClock.Instance.GetCurrentInstant().ToUnixTimeSeconds() / 3600 * 3600);

    private Task<LedgerRun> AnomaliesAsync(params string[] arguments) => program.RunAsync(["anomalies", .. arguments, "--tenant", "acme"]);

    private static JsonNode One(LedgerRun run) => run.ShouldExit(0).Json["items"]!.AsArray().ShouldHaveSingleItem()!;
}
