using System.Globalization;
using NodaTime;
using NodaTime.Text;
using UsageLedger.Collecting.Runs;
using UsageLedger.EventLog.Projecting;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.Recording;
using UsageLedger.Reporting;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Broadcasts are lost, late and repeated, and the ledger's sums are the true bill's all the same.</summary>
public sealed class MissedBroadcastSpecs
{
    private const int Days = 6;
    private static readonly SimFaults Lossy = new() { DroppedWebhooks = 300, RepeatedWebhooks = 100, DelayedWebhooks = 150, ReorderedWebhooks = 100 };

    /// <summary>Each usage as it was told last, by key and day.</summary>
    private const string Held = """
        with last as (
            select distinct on (coalesce(s.subject, e.id)) e.type, coalesce(e.data -> 'current', e.data) as state
            from ledger.mt_events e left join ledger.log_subjects s on s.seq_id = e.seq_id
            where e.type like 'usage%' order by coalesce(s.subject, e.id), e.seq_id desc)
        select concat_ws(' ', state -> 'attributes' ->> 'mapping.apikey', left(state ->> 'occurredAt', 10),
            trim_scale(coalesce(sum((state ->> 'quantity')::numeric) filter (where state ->> 'metric' = 'llm.tokens.input'), 0)),
            trim_scale(coalesce(sum((state ->> 'quantity')::numeric) filter (where state ->> 'metric' = 'llm.tokens.output'), 0)),
            trim_scale(coalesce(sum((state ->> 'quantity')::numeric) filter (where state ->> 'metric' = 'llm.tokens.reasoning'), 0)),
            trim_scale(coalesce(sum((state ->> 'quantity')::numeric) filter (where state ->> 'metric' = 'llm.generation'), 0)),
            trim_scale(sum((state ->> 'cost')::numeric)),
            trim_scale(coalesce(sum((state -> 'attributes' ->> 'byokCost')::numeric), 0)))
        from last where type <> 'usage_voided' and (state ->> 'quantity' <> '0' or coalesce(state ->> 'cost', '') <> '0')
        group by state -> 'attributes' ->> 'mapping.apikey', left(state ->> 'occurredAt', 10) order by 1
        """;

    [Theory]
    [InlineData(7)]
    [InlineData(8)]
    public async Task Of_every_key_and_day_the_ledger_holds_what_OpenRouter_charges(long seed)
    {
        await using var ledger = await OpenRouterLedger.StartAsync(seed, Days, 500, Lossy);
        for (var day = 1; day <= Days + 2; day++)
        {
            ledger.Wake(day);

            // For three days nothing comes at all: later it is late beyond every look-back.
            if (day is not (2 or 3 or 4))
                await ledger.BroadcastAsync();
            if (day == 4)
                await ledger.MapKeysAsync();
            await ledger.CollectAsync();

            (await WholeDaysAsync(ledger, day)).ShouldBe(TruthUntil(ledger, day), $"seed {seed}, day {day}");
        }

        await ledger.UntilSummedAsync();
        var remainders = await ledger.RowsAsync("select count(*) from read.captured_usage where remainder is not null and quantity > 0");
        long.Parse(remainders.Single(), CultureInfo.InvariantCulture).ShouldBeGreaterThan(0);
        await IsAttributedAsync(ledger);
        foreach (var projection in (IProjection[])[new CapturedUsage(), new UsageBuckets()])
        {
            var rebuilt = await new ProjectionRebuild(ledger.Database, new ProjectionOptions { RebuildPositionsMax = 97 }).RunAsync(projection, true, null, default);
            (rebuilt.Differences, projection.Name).ShouldBe((0, projection.Name), string.Join('\n', rebuilt.Examples));
        }
    }

    [Fact]
    public async Task Where_nothing_was_missed_nothing_is_booked_and_what_was_voided_does_not_come_back()
    {
        await using var ledger = await OpenRouterLedger.StartAsync(3, 1, 20, SimFaults.None);
        ledger.Wake(1);
        await ledger.BroadcastAsync();
        var usage = Guid.Parse((await ledger.RowsAsync("select id from ledger.mt_events where type = 'usage_recorded' and data ->> 'idempotencyKey' like '%:output' limit 1")).Single());
        (await ledger.Caller.VoidAsync(usage, """{"reason":"a gift"}""")).Status.ShouldBe(200);

        await ledger.CollectAsync();
        await ledger.CollectAsync();

        (await ledger.RowsAsync("select count(*) from ledger.mt_events where data ->> 'idempotencyKey' like 'activity:%'")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_late_broadcast_takes_the_remainders_place()
    {
        await using var ledger = await OpenRouterLedger.StartAsync(5, 1, 30, SimFaults.None);
        ledger.Wake(1);
        await ledger.CollectAsync();
        (await WholeDaysAsync(ledger, 1)).ShouldBe(TruthUntil(ledger, 1));

        ledger.Wake(9);
        await ledger.BroadcastAsync();
        await ledger.CollectAsync();

        (await WholeDaysAsync(ledger, 1)).ShouldBe(TruthUntil(ledger, 1));
        await ledger.UntilSummedAsync();
        (await ledger.RowsAsync("select count(*) > 0 from read.captured_usage where remainder is not null")).ShouldBe(["True"]);
        (await ledger.RowsAsync("select count(*) from read.captured_usage where remainder is not null and (quantity <> 0 or cost <> 0)")).ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_run_over_an_old_day_alone_takes_no_cost_back()
    {
        const string Costs = "select trim_scale(sum(cost)) from read.captured_usage where remainder is not null";
        await using var ledger = await OpenRouterLedger.StartAsync(6, 1, 20, SimFaults.None);
        // A generation that its key names no id of: its cost cannot be asked for, and stays pending for good.
        (await ledger.Caller.UsageAsync($$"""
            {"idempotencyKey":"generation::never-priced","source":"{{OpenRouterLedger.SourceId}}","provider":"openrouter","metric":"llm.generation","quantity":"1","unit":"generation",
            "cost":null,"occurredAt":"2026-10-01T12:00:00Z"}
            """)).Status.ShouldBe(200);
        ledger.Wake(1);
        await ledger.CollectAsync();
        await ledger.UntilSummedAsync();
        (await ledger.RowsAsync(Costs)).ShouldBe(["0"]);
        ledger.Wake(20);
        await ledger.CollectAsync();
        await ledger.UntilSummedAsync();
        var cost = await ledger.RowsAsync(Costs);

        await ledger.CollectAsync(""","from":"2026-10-01T00:00:00Z","to":"2026-10-02T00:00:00Z" """);

        await ledger.UntilSummedAsync();
        Number(cost.Single()).ShouldBeGreaterThan(0);
        (await ledger.RowsAsync(Costs)).ShouldBe(cost);
    }

    [Fact]
    public async Task A_run_by_hand_without_a_server_books_it_too()
    {
        await using var ledger = await OpenRouterLedger.StartAsync(11, 1, 30, Lossy);
        ledger.Wake(1);
        await ledger.BroadcastAsync();
        await ledger.StopAsync();
        await File.WriteAllTextAsync(ledger.Program.In("appsettings.json"), """{"Ledger":{"AllowLoopbackSources":"true"}}""");

        (await ledger.Program.RunAsync(["collect", "--tenant", OpenRouterLedger.Tenant, "--source", OpenRouterLedger.SourceId, "--from", "2026-10-01T00:00:00Z", "--to", "2026-10-02T00:00:00Z", "--json"]))
            .ShouldExit(0);

        (await WholeDaysAsync(ledger, 1)).ShouldBe(TruthUntil(ledger, 1));
    }

    private static async Task IsAttributedAsync(OpenRouterLedger ledger)
    {
        var truth = ledger.Vendor.Truth("openrouter", "generation").GroupBy(item => $"{item.ClientId}/{item.AgentId}")
            .Select(agent => $"{agent.Key} {ExactDecimal.ToText(agent.Sum(item => Number(item.Cost!)))}").Order(StringComparer.Ordinal).ToList();
        await SpecLog.UntilAsync(
            async () => (await ledger.RowsAsync("""
                select client_id || '/' || agent_id || ' ' || trim_scale(sum(cost)) from read.usage_buckets
                group by client_id, agent_id having sum(records) > 0
                """)).Order(StringComparer.Ordinal).SequenceEqual(truth),
            "all usage is its agents'");
    }

    private static async Task<List<string>> WholeDaysAsync(OpenRouterLedger ledger, int today) =>
        [.. (await ledger.RowsAsync(Held)).Where(line => string.CompareOrdinal(line.Split(' ')[1], DayOf(today)) < 0).Order(StringComparer.Ordinal)];

    private static List<string> TruthUntil(OpenRouterLedger ledger, int today) => [.. ledger.Vendor.Truth("openrouter", "generation")
        .Where(item => string.CompareOrdinal(item.OccurredAt[..10], DayOf(today)) < 0)
        .GroupBy(item => $"{item.AgentId} {item.OccurredAt[..10]}")
        .Select(group => string.Join(' ', (string[])[
            group.Key, Sum(group, "promptTokens"), Sum(group, "completionTokens"), Sum(group, "reasoningTokens"),
            group.Count().ToString(CultureInfo.InvariantCulture), ExactDecimal.ToText(group.Sum(item => Number(item.Cost!))), Sum(group, "upstreamCost")]))
        .Order(StringComparer.Ordinal)];

    private static string DayOf(int day) => LocalDatePattern.Iso.Format((OpenRouterLedger.From + Duration.FromDays(day)).InUtc().Date);

    private static string Sum(IEnumerable<TruthItem> items, string detail) => ExactDecimal.ToText(items.Sum(item => Number(item.Details[detail])));

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);
}
