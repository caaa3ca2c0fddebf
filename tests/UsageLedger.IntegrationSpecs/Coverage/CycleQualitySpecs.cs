using System.Text.Json;
using UsageLedger.Cycles;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>A cycle tells how much of it was collected, how often it was told again, and each line tells it of itself.</summary>
public sealed class CycleQualitySpecs
{
    private const int Day = 24;

    [Fact]
    public async Task Coverage_and_repeats_of_what_feeds_a_client_are_in_its_cycle()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 3);
        await ledger.ConfigureAsync("twilio");
        await ledger.WakeAsync(4 * Day, "twilio", lost: true);
        await ledger.CollectAsync("twilio", 0, 2 * Day);
        await ledger.CollectAsync("twilio", Day, 2 * Day);
        await ledger.SettledAsync();

        var cycles = new List<JsonElement>();
        foreach (var client in JsonDocument.Parse((await ledger.Caller.GetAsync("/v1/clients")).Text).RootElement.GetProperty("items").EnumerateArray())
        {
            cycles.Add(JsonDocument.Parse((await ledger.Caller.GetAsync($"/v1/clients/{client.GetProperty("clientId")}/cycles/2026-10")).Text).RootElement);
        }

        var expected = (await ledger.CoverageAsync("twilio", 0, 4 * Day)).GetProperty("coverage").GetString();
        expected.ShouldNotBeNull();
        cycles.ShouldNotBeEmpty();
        cycles.ShouldAllBe(cycle => cycle.GetProperty("quality").GetProperty("coverage").GetString() == expected);
        var runs = JsonDocument.Parse((await ledger.Caller.GetAsync("/v1/collections")).Text).RootElement.GetProperty("items");
        var repeats = runs.EnumerateArray().Sum(run => run.GetProperty("duplicates").GetInt64());
        repeats.ShouldBeGreaterThan(0);
        cycles.Sum(cycle => cycle.GetProperty("quality").GetProperty("duplicates").GetInt64()).ShouldBe(repeats);
        foreach (var cycle in cycles)
        {
            var (lines, quality) = (cycle.GetProperty("lines").EnumerateArray().Select(line => line.GetProperty("quality")).ToList(), cycle.GetProperty("quality"));
            lines.Sum(line => line.GetProperty("records").GetInt64()).ShouldBe(quality.GetProperty("records").GetInt64());
            lines.Sum(line => line.GetProperty("pendingCost").GetInt64()).ShouldBe(quality.GetProperty("pendingCost").GetInt64());
            lines.Min(line => line.GetProperty("firstEventAt").GetDateTime()).ShouldBe(quality.GetProperty("firstEventAt").GetDateTime());
            lines.Max(line => line.GetProperty("lastEventAt").GetDateTime()).ShouldBe(quality.GetProperty("lastEventAt").GetDateTime());
        }

        await ledger.ShouldRebuildAsync(new CycleAggregates());
    }

    [Fact]
    public async Task A_unit_price_that_changes_within_a_cycle_is_counted_with_its_line()
    {
        await using var ledger = await CoveredLedger.StartAsync(8, 1);
        await RecordAsync(ledger, "1", "0.1", "2026-09-30T10:00:00Z");
        await RecordAsync(ledger, "2", "0.10", "2026-09-30T11:00:00Z");
        var same = await QualityAsync(ledger);
        await RecordAsync(ledger, "3", "0.2", "2026-09-30T12:00:00Z");
        await RecordAsync(ledger, "4", "0.1", "2026-09-30T09:00:00Z");
        await RecordAsync(ledger, "5", null, "2026-09-30T13:00:00Z");
        var changed = await QualityAsync(ledger);

        same.GetProperty("priceChanges").GetInt64().ShouldBe(0);
        changed.GetProperty("priceChanges").GetInt64().ShouldBe(1);
        (changed.GetProperty("firstEventAt").GetString(), changed.GetProperty("lastEventAt").GetString()).ShouldBe(("2026-09-30T09:00:00Z", "2026-09-30T13:00:00Z"));
        await ledger.ShouldRebuildAsync(new CycleAggregates());
    }

    private static async Task RecordAsync(CoveredLedger ledger, string key, string? price, string at)
    {
        var unitCost = price is null ? "" : $"\"unitCost\":\"{price}\",";
        var reply = await ledger.Caller.UsageAsync(
            $$"""{"idempotencyKey":"{{key}}","clientId":"contoso","provider":"voice","metric":"call","quantity":"1","unit":"second",{{unitCost}}"occurredAt":"{{at}}"}""");
        reply.Status.ShouldBe(200, reply.Text);
    }

    private static async Task<JsonElement> QualityAsync(CoveredLedger ledger)
    {
        await ledger.SettledAsync();
        var reply = await ledger.Caller.GetAsync("/v1/clients/contoso/cycles/2026-09");
        reply.Status.ShouldBe(200, reply.Text);
        return JsonDocument.Parse(reply.Text).RootElement.GetProperty("quality");
    }
}
