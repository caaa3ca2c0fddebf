using System.Text.Json.Nodes;
using UsageLedger.Coverage;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Coverage;

public sealed class CoverageVerbSpecs(SharedLog shared) : IClassFixture<SharedLog>
{
    private const int Day = 24;

    private const string Waiting = """
        insert into ledger.inbox_items (id, tenant, kind, source, key, status, attempts, next_attempt_at, received_at, correlation_id)
        select gen_random_uuid(), 'acme', 'collect', 'twilio', 'waits:' || n, 'queued', 0, 'infinity', now(), 'c' from generate_series(1, 500) as n
        returning 1
        """;

    [Fact]
    public async Task The_verbs_tell_what_the_doors_tell_ask_vendors_for_their_totals_and_have_holes_filled()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 2);
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(4 * Day, "twilio", lost: true);
        await ledger.CollectAsync("twilio", Day, 2 * Day);
        string[] source = ["--tenant", "acme", "--source", "twilio"], window = [.. source, "--from", CoveredLedger.Time(0), "--to", CoveredLedger.Time(2 * Day)];

        var asked = (await ledger.Program.RunAsync(["coverage", "totals", .. source, "--from", "2026-10-01", "--to", "2026-10-02", "--json"])).ShouldExit(0).Json;
        await ledger.ReachTodayAsync();
        (await ledger.AskAsync<string>($"select kind from ledger.inbox_items where id = '{asked["id"]}'")).ShouldBe("totals");
        var told = (await ledger.Program.RunAsync(["coverage", .. window, "--json"])).ShouldExit(0).Json;
        var door = JsonNode.Parse((await ledger.CoverageAsync("twilio", 0, 2 * Day)).GetRawText());
        var table = (await ledger.Program.RunAsync(["coverage", .. window])).ShouldExit(0);
        await ledger.AskAsync<int>(Waiting);
        var stuck = (await ledger.Program.RunAsync(["coverage", "fill", .. window])).ShouldExit(1);
        await ledger.AskAsync<int>("delete from ledger.inbox_items where key like 'waits:%' returning 1");
        var filling = (await ledger.Program.RunAsync(["coverage", "fill", .. window, "--json"])).ShouldExit(0).Json;
        await ledger.ReachTodayAsync();

        JsonNode.DeepEquals(told, door).ShouldBeTrue();
        table.Out.ShouldContain("hole 2026-10-01T00:00:00Z to 2026-10-02T00:00:00Z: 24 hours, ");
        table.Out.ShouldContain("(goal: at least 95%)");
        stuck.Out.ShouldStartWith("1 holes are left: as many runs of twilio wait as may.");
        var run = filling["runs"]!.AsArray().Single()!;
        ((string)run["from"]!, (string)run["to"]!).ShouldBe((CoveredLedger.Time(0), CoveredLedger.Time(Day)));
        (await ledger.CoverageAsync("twilio", 0, 2 * Day)).GetProperty("captureRate").GetString().ShouldBe("1");
        (await ledger.Program.RunAsync(["coverage", "fill", .. window])).ShouldExit(0).Out.Trim().ShouldBe("There are no holes.");
    }

    [Fact]
    public async Task The_days_are_shown_as_they_were_measured()
    {
        await using var ledger = await CoveredLedger.StartAsync(7, 1);
        await ledger.ConfigureAsync("retell");
        await ledger.WakeAsync(Day, "retell", lost: true);
        await ledger.CollectAsync("retell", 0, Day);
        await ledger.Get<RollUpDays>().RunAsync(ledger.Now, default);
        await ledger.WakeAsync((2 * Day) + 2, "retell", lost: true);
        string[] days = ["coverage", "days", "--tenant", "acme", "--from", "2026-10-01", "--to", "2026-10-02"];

        var told = (await ledger.Program.RunAsync([.. days, "--json"])).ShouldExit(0).Json;
        var table = (await ledger.Program.RunAsync(days)).ShouldExit(0).Out;
        var door = (await ledger.Caller.GetAsync("/v1/coverage/days?from=2026-10-01&to=2026-10-02")).Json;

        JsonNode.DeepEquals(told["items"], door["items"]).ShouldBeTrue(told.ToJsonString());
        told["items"]!.AsArray().Select(day => $"{day!["day"]} {day["completeAt"]} {day["late"]}").ShouldBe(
            ["2026-10-02  true", $"2026-10-01 {CoveredLedger.Time(Day)} false"]);
        table.ShouldContain("2026-10-01");
        table.ShouldContain("retell");
    }

    [Theory]
    [InlineData(1, "acme has no source nobody.", "coverage", "--source", "nobody")]
    [InlineData(1, "acme has no source nobody.", "coverage", "fill", "--source", "nobody")]
    [InlineData(1, "acme has no source nobody.", "coverage", "totals", "--source", "nobody")]
    [InlineData(2, "--from ", "coverage", "--source", "nobody", "--from", "2026-10-02T00:00:00Z", "--to", "2026-10-01T00:00:00Z")]
    [InlineData(2, "--from is 'yesterday'; give an instant such as", "coverage", "fill", "--source", "nobody", "--from", "yesterday")]
    [InlineData(2, "--from is 'tomorrow'; give a day such as", "coverage", "days", "--from", "tomorrow")]
    [InlineData(2, "--from must be no later than --to", "coverage", "days", "--from", "2026-10-02", "--to", "2026-10-01")]
    [InlineData(2, "--to is '2026-02-30'; give a day such as", "coverage", "totals", "--source", "nobody", "--to", "2026-02-30")]
    [InlineData(2, "--to ", "coverage", "totals", "--source", "nobody", "--from", "2026-10-01", "--to", "2099-10-01")]
    public async Task What_cannot_be_told_is_named_and_told_by_the_exit_code(int code, string said, params string[] arguments)
    {
        var run = (await new LedgerProgram(shared.Log.ConnectionString).RunAsync([.. arguments, "--tenant", "acme"])).ShouldExit(code);

        run.Errors.ShouldContain(said);
        run.Out.ShouldBeEmpty();
    }
}
