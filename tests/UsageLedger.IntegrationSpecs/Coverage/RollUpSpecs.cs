using System.Text.Json;
using UsageLedger.Coverage;

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
