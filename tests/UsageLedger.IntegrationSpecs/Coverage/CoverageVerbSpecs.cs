using System.Text.Json.Nodes;

namespace UsageLedger.IntegrationSpecs.Coverage;

public sealed class CoverageVerbSpecs
{
    private const int Day = 24;

    [Fact]
    public async Task The_verb_tells_what_the_door_tells_and_has_holes_filled()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 2);
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(4 * Day, "twilio", lost: true);
        await ledger.CollectAsync("twilio", Day, 2 * Day);
        string[] window = ["--tenant", "acme", "--source", "twilio", "--from", CoveredLedger.Time(0), "--to", CoveredLedger.Time(2 * Day)];

        await ledger.AskAsync("twilio", "2026-10-01", "2026-10-02");
        var told = (await ledger.Program.RunAsync(["coverage", .. window, "--json"])).ShouldExit(0).Json;
        var door = JsonNode.Parse((await ledger.CoverageAsync("twilio", 0, 2 * Day)).GetRawText());
        var table = (await ledger.Program.RunAsync(["coverage", .. window])).ShouldExit(0);
        var filling = (await ledger.Program.RunAsync(["coverage", "fill", .. window, "--json"])).ShouldExit(0).Json;

        JsonNode.DeepEquals(told, door).ShouldBeTrue();
        table.Out.ShouldContain("hole 2026-10-01T00:00:00Z to 2026-10-02T00:00:00Z: 24 hours, ");
        var run = filling["runs"]!.AsArray().Single()!;
        ((string)run["from"]!, (string)run["to"]!).ShouldBe((CoveredLedger.Time(0), CoveredLedger.Time(Day)));
    }

    [Theory]
    [InlineData(1, "coverage", "--source", "nobody")]
    [InlineData(1, "coverage", "fill", "--source", "nobody")]
    [InlineData(2, "coverage", "--source", "nobody", "--from", "2026-10-02T00:00:00Z", "--to", "2026-10-01T00:00:00Z")]
    [InlineData(2, "coverage", "days", "--from", "tomorrow")]
    public async Task What_cannot_be_told_is_told_by_the_exit_code(int code, params string[] arguments)
    {
        await using var log = await EventLog.SpecLog.OpenAsync();

        (await new Running.LedgerProgram(log.ConnectionString).RunAsync([.. arguments, "--tenant", "acme"])).ShouldExit(code);
    }
}
