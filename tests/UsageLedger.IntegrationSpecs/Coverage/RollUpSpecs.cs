using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using UsageLedger.Coverage;
using UsageLedger.IntegrationSpecs.EventLog;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>When a day was complete is measured once, kept in the log, and shown; what is late is named.</summary>
public sealed class RollUpSpecs
{
    private const int Day = 24;

    [Fact]
    public async Task A_day_is_complete_when_every_source_was_collected_beyond_it_and_the_read_models_hold_that()
    {
        await using var ledger = await CoveredLedger.StartAsync(7, 3);
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(Day, "twilio", lost: true);
        await RunAsync(ledger);
        var before = await DaysAsync(ledger);
        await ledger.CollectAsync("twilio", 0, Day);
        await RunAsync(ledger);
        var after = await DaysAsync(ledger);
        await ledger.WakeAsync((2 * Day) + 5, "twilio", lost: true);
        var late = await DaysAsync(ledger);
        await ledger.CollectAsync("twilio", Day, 2 * Day);
        await RunAsync(ledger);
        await ledger.SettledAsync();
        await RunAsync(ledger);

        before.ShouldBe(["2026-10-01 - False twilio"]);
        after.ShouldBe([$"2026-10-01 {CoveredLedger.Time(Day)} False "]);
        late.ShouldBe(["2026-10-02 - True twilio", .. after]);
        (await DaysAsync(ledger)).ShouldBe([$"2026-10-02 {CoveredLedger.Time((2 * Day) + 5)} True twilio", .. after]);
        (await ledger.AskAsync<long>("select count(*) from ledger.log_types where type = 'day_rolled_up'")).ShouldBe(2);
    }

    [Fact]
    public async Task A_server_measures_by_itself_which_days_were_complete_by_one_o_clock_and_which_were_late()
    {
        await using var ledger = await CoveredLedger.StartAsync(7, 4, services => services.AddSingleton(new RollUpPace(TimeSpan.FromMilliseconds(50))));
        await ledger.ConfigureAsync("twilio");
        await CollectedAsync(ledger, 0, Day);
        await CompleteAsync(ledger, 1);
        await CollectedAsync(ledger, Day, (2 * Day) + 1);
        await CompleteAsync(ledger, 2);
        await ledger.WakeAsync((3 * Day) + 2, "twilio", lost: true);
        (await DaysAsync(ledger))[0].ShouldBe("2026-10-03 - True twilio");
        await ledger.CollectAsync("twilio", (2 * Day) + 1, (3 * Day) + 2);
        await CompleteAsync(ledger, 3);

        (await DaysAsync(ledger)).ShouldBe(
        [
            $"2026-10-03 {CoveredLedger.Time((3 * Day) + 2)} True twilio",
            $"2026-10-02 {CoveredLedger.Time((2 * Day) + 1)} False ",
            $"2026-10-01 {CoveredLedger.Time(Day)} False ",
        ]);
        var deadlines = (await ledger.Caller.GetAsync("/v1/coverage/days")).Items.Select(day => (string)day["deadline"]!);
        deadlines.ShouldBe([CoveredLedger.Time((3 * Day) + 1), CoveredLedger.Time((2 * Day) + 1), CoveredLedger.Time(Day + 1)]);
    }

    private static async Task CollectedAsync(CoveredLedger ledger, int from, int to)
    {
        await ledger.WakeAsync(to, "twilio", lost: true);
        await ledger.CollectAsync("twilio", from, to);
    }

    private static Task CompleteAsync(CoveredLedger ledger, int days) => SpecLog.UntilAsync(
        async () => await ledger.AskAsync<long>("select count(*) from ledger.mt_events where type = 'day_rolled_up'") == days, $"{days} days are measured");

    private static Task<int> RunAsync(CoveredLedger ledger) => ledger.Get<RollUpDays>().RunAsync(ledger.Now, default);

    private static async Task<List<string>> DaysAsync(CoveredLedger ledger)
    {
        var reply = await ledger.Caller.GetAsync("/v1/coverage/days");
        reply.Status.ShouldBe(200, reply.Text);
        return
        [
            .. JsonDocument.Parse(reply.Text).RootElement.GetProperty("items").EnumerateArray().Select(day =>
                $"{day.GetProperty("day")} {(day.GetProperty("completeAt").ValueKind == JsonValueKind.Null ? "-" : day.GetProperty("completeAt"))} {day.GetProperty("late")} {string.Join(',', day.GetProperty("waitsFor").EnumerateArray())}"),
        ];
    }
}
