using System.Text.Json;
using UsageLedger.Collecting.Runs;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>What was neither pushed nor polled is a hole with a name, and one command collects exactly it.</summary>
public sealed class HoleSpecs
{
    private const int Day = 24;

    [Fact]
    public async Task Calls_of_hours_that_nobody_collected_are_a_hole_until_it_is_filled()
    {
        await using var ledger = await CoveredLedger.StartAsync(7, 3);
        await ledger.ConfigureAsync("retell");
        await ledger.WakeAsync(Day + 6, "retell");
        await ledger.WakeAsync(Day + 10, "retell", lost: true);
        await ledger.WakeAsync(2 * Day + 1, "retell");
        await ledger.CollectAsync("retell", 0, Day + 6);
        await ledger.CollectAsync("retell", Day + 10, 2 * Day + 1);
        await ledger.WakeAsync(4 * Day, "retell");

        var before = await ledger.CoverageAsync("retell", 0, 2 * Day);
        await ledger.AskAsync("retell", "2026-10-02", "2026-10-02");
        var named = await ledger.CoverageAsync("retell", 0, 2 * Day);

        before.GetProperty("captureRate").ValueKind.ShouldBe(JsonValueKind.Null);
        Holes(before).Single().GetProperty("expected").ValueKind.ShouldBe(JsonValueKind.Null);
        var hole = Holes(named).Single();
        (Text(hole, "from"), Text(hole, "to")).ShouldBe((CoveredLedger.Time(Day + 6), CoveredLedger.Time(Day + 10)));
        hole.GetProperty("expected").GetInt64().ShouldBe(ledger.Vendors.World.RetellCalls.Count(call => call.EndedAt >= At(Day + 6) && call.EndedAt < At(Day + 10)));
        var lost = hole.GetProperty("expected").GetInt64() - hole.GetProperty("found").GetInt64();
        lost.ShouldBeGreaterThan(0);
        Text(named, "coverage").ShouldBe("0.916666");

        var filled = await FillAsync(ledger, "retell", 2 * Day);
        filled.GetArrayLength().ShouldBe(1);
        (Text(filled[0], "from"), Text(filled[0], "to")).ShouldBe((Text(hole, "from"), Text(hole, "to")));
        var whole = await ledger.CoverageAsync("retell", 0, 2 * Day);
        (Text(whole, "coverage"), Text(whole, "captureRate"), Holes(whole).Count).ShouldBe(("1", "1", 0));
        (await FillAsync(ledger, "retell", 2 * Day)).GetArrayLength().ShouldBe(0);
        Sum(whole, "byPoll").ShouldBe(lost);
        Sum(whole, "both").ShouldBeGreaterThan(0);
        await ledger.ShouldRebuildAsync(new CapturedUsage());
    }

    [Fact]
    public async Task Of_Twilios_daily_counts_the_hours_that_no_run_held_are_the_hole()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 3);
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(12, "twilio");
        await ledger.WakeAsync(5 * Day, "twilio", lost: true);
        await ledger.CollectAsync("twilio", Day, 2 * Day);
        await ledger.AskAsync("twilio", "2026-10-01", "2026-10-02");

        var named = await ledger.CoverageAsync("twilio", 0, 2 * Day);
        var hole = Holes(named).Single();
        (Text(hole, "from"), Text(hole, "to")).ShouldBe((CoveredLedger.Time(0), CoveredLedger.Time(Day)));
        hole.GetProperty("expected").GetInt64().ShouldBeGreaterThan(hole.GetProperty("found").GetInt64());
        Text(named, "coverage").ShouldBe("0.5");
        Sum(named, "byWebhook").ShouldBeGreaterThan(0);

        await FillAsync(ledger, "twilio", 2 * Day);
        var whole = await ledger.CoverageAsync("twilio", 0, 2 * Day);
        (Text(whole, "coverage"), Text(whole, "captureRate"), Holes(whole).Count).ShouldBe(("1", "1", 0));
        await ledger.ShouldRebuildAsync(new CapturedUsage());
    }

    [Fact]
    public async Task Generations_whose_broadcasts_were_lost_are_a_hole_of_their_day_until_its_remainder_is_booked()
    {
        await using var ledger = await CoveredLedger.StartAsync(9, 3);
        await ledger.ConfigureAsync("openrouter");
        await ledger.WakeAsync(Day + 6, "openrouter");
        await ledger.WakeAsync(Day + 10, "openrouter", lost: true);
        await ledger.WakeAsync(4 * Day, "openrouter");
        await ledger.AskAsync("openrouter", "2026-10-01", "2026-10-03");
        var lost = ledger.Vendors.World.Generations.Count(made => made.EndedAt > At(Day + 6) && made.EndedAt < At(Day + 10) - NodaTime.Duration.FromSeconds(2));

        var named = await ledger.CoverageAsync("openrouter", 0, 3 * Day);
        var hole = Holes(named).First(hole => hole.GetProperty("expected").GetInt64() > hole.GetProperty("found").GetInt64());
        (Text(hole, "from"), lost > 0).ShouldBe((CoveredLedger.Time(Day), true));
        hole.GetProperty("expected").GetInt64().ShouldBe(hole.GetProperty("found").GetInt64() + lost);

        await FillAsync(ledger, "openrouter", 3 * Day);
        var whole = await ledger.CoverageAsync("openrouter", 0, 3 * Day);
        (Text(whole, "coverage"), Text(whole, "captureRate"), Holes(whole).Count).ShouldBe(("1", "1", 0));
        Sum(whole, "byPoll").ShouldBe(lost);
        await ledger.ShouldRebuildAsync(new CapturedUsage());
    }

    [Fact]
    public async Task Days_that_OpenRouter_tells_no_more_stay_a_hole_and_the_run_says_so()
    {
        await using var ledger = await CoveredLedger.StartAsync(10, 3);
        await ledger.ConfigureAsync("openrouter");
        await ledger.WakeAsync(45 * Day, "openrouter", lost: true);

        await ledger.CollectAsync("openrouter", 0, 45 * Day);
        var late = await ledger.CoverageAsync("openrouter", 0, 45 * Day);
        await FillAsync(ledger, "openrouter", 45 * Day);

        var hole = Holes(late).Single();
        (Text(hole, "from"), Text(hole, "to")).ShouldBe((CoveredLedger.Time(0), CoveredLedger.Time(15 * Day)));
        Text(late, "coverage").ShouldBe(UsageLedger.Recording.ExactDecimal.ToText(UsageLedger.Coverage.Ratio.Of(29, 44)!.Value));
        Holes(await ledger.CoverageAsync("openrouter", 0, 45 * Day)).Single().GetRawText().ShouldBe(hole.GetRawText());
        (await ledger.AskAsync<string>("""
            select concat_ws(' ', data ->> 'provenFrom', data -> 'notes' -> 0 ->> 'nativeId') from ledger.mt_events
            where type = 'collection_completed' order by seq_id limit 1
            """)).ShouldBe("2026-10-16T00:00:00Z 2026-10-01/2026-10-15");
        await ledger.ShouldRebuildAsync(new CapturedUsage());
    }

    private static NodaTime.Instant At(int hours) => CoveredLedger.From + NodaTime.Duration.FromHours(hours);

    private static async Task<JsonElement> FillAsync(CoveredLedger ledger, string source, int to)
    {
        var reply = await ledger.Caller.PostAsync(
            "/v1/coverage/fill", $$"""{"sourceId":"{{source}}","from":"{{CoveredLedger.Time(0)}}","to":"{{CoveredLedger.Time(to)}}"}""");
        reply.Status.ShouldBe(202, reply.Text);
        await ledger.SettledAsync();
        return JsonDocument.Parse(reply.Text).RootElement.GetProperty("runs");
    }

    private static List<JsonElement> Holes(JsonElement coverage) => [.. coverage.GetProperty("holes").EnumerateArray()];

    private static long Sum(JsonElement coverage, string way) => coverage.GetProperty("hours").EnumerateArray().Sum(hour => hour.GetProperty(way).GetInt64());

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
