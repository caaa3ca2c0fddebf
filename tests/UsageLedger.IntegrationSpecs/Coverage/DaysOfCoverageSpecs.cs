using System.Text.Json;
using UsageLedger.Collecting.Runs;
using UsageLedger.Coverage;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>What a cycle's coverage is read of, whole days, says what the single hours and totals say; and the share is theirs.</summary>
public sealed class DaysOfCoverageSpecs
{
    private const int Day = 24;

    private const string DaysUnlikeHours = """
        with hours as (
            select tenant_id, source, (hour at time zone 'UTC')::date as day, metric, extract(hour from hour at time zone 'UTC')::int as hour, sum(pushed + polled) as records
            from read.captured_hours group by 1, 2, 3, 4, 5),
        days as (
            select d.tenant_id, d.source, d.day, d.metric, (h.place - 1)::int as hour, h.records::numeric as records
            from read.captured_days d cross join unnest(d.hours) with ordinality h (records, place))
        select count(*) from hours full join days using (tenant_id, source, day, metric, hour) where coalesce(hours.records, 0) <> coalesce(days.records, 0)
        """;

    private const string HeldUnlikeRuns = """
        with runs as (
            select tenant_id, source_id, (hour at time zone 'UTC')::date as day, sum(1 << extract(hour from hour at time zone 'UTC')::int) as held,
                   sum(case when proven_to >= date_trunc('day', hour, 'UTC') + interval '1 day' then 1 << extract(hour from hour at time zone 'UTC')::int else 0 end) as held_to_end
            from read.coverage_hours where proven_to is not null group by 1, 2, 3)
        select count(*) from runs full join read.coverage_days d using (tenant_id, source_id, day)
        where coalesce(runs.held, 0) <> coalesce(d.held, 0) or coalesce(runs.held_to_end, 0) <> coalesce(d.held_to_end, 0)
        """;

    private const string CountedUnlikeTotals = """
        with totals as (
            select tenant_id, source_id, day, metric, at, sum(records) as records, min(as_of) as as_of
            from read.vendor_totals where metric is not null and records is not null group by 1, 2, 3, 4, 5),
        days as (
            select tenant_id, source_id, day, metric, null::timestamptz as at, records::numeric as records, as_of from read.vendor_days where records is not null
            union all
            select d.tenant_id, d.source_id, d.day, d.metric, d.day::timestamp at time zone 'UTC' + (h.place - 1) * interval '1 hour', h.records, d.as_of
            from read.vendor_days d cross join unnest(d.hours) with ordinality h (records, place) where h.records is not null)
        select count(*) from ((table totals except all table days) union all (table days except all table totals)) unlike
        """;

    private const string Lacks = "select sum(coalesce(missing, 0) + length(replace(lacking::bit(24)::text, '0', '')))::bigint from read.coverage_days";

    [Fact]
    public async Task Whole_days_say_what_hours_and_totals_say()
    {
        await using var ledger = await CoveredLedger.StartAsync(12, 3);
        foreach (var source in new[] { "retell", "twilio", "openrouter" })
        {
            await ledger.ConfigureAsync(source);
            await ledger.WakeAsync(Day + 6, source);
            await ledger.WakeAsync(Day + 10, source, lost: true);
            await ledger.WakeAsync(3 * Day + 8, source);
        }

        await ledger.CollectAsync("retell", 0, Day + 6);
        await ledger.CollectAsync("twilio", Day - 5, 2 * Day);
        await ledger.CollectAsync("openrouter", 0, 3 * Day);
        await ledger.WakeAsync(5 * Day, "retell");
        foreach (var source in new[] { "retell", "twilio", "openrouter", "retell" })
        {
            await ledger.AskAsync(source, "2026-10-01", "2026-10-03");
        }

        (await ledger.AskAsync<long>("select count(distinct (missing > 0, lacking > 0)) from read.coverage_days where as_of is not null")).ShouldBeGreaterThan(2);
        var lacks = await ledger.AskAsync<long>(Lacks);
        await ledger.CollectAsync("retell", Day + 6, Day + 11);
        (await ledger.AskAsync<long>(Lacks)).ShouldBeLessThan(lacks, "what came after the vendor was asked is counted");
        await ReviseAsync(ledger, "2026-09-29T10:00:00Z");
        await ReviseAsync(ledger, "2026-10-02T23:59:59.999999Z");

        (await ledger.AskAsync<long>("select count(*) from read.captured_days where hours[1] > 0 or hours[24] > 0")).ShouldBeGreaterThan(0);
        (await ledger.AskAsync<long>("select count(*) from read.coverage_days where held <> held_to_end")).ShouldBeGreaterThan(0);
        (await ledger.AskAsync<long>("select count(*) from read.vendor_days where hours is not null")).ShouldBe(3);
        (await ledger.AskAsync<long>(DaysUnlikeHours)).ShouldBe(0);
        (await ledger.AskAsync<long>("select count(*) from read.captured_days where records <> (select sum(h) from unnest(hours) h)")).ShouldBe(0);
        (await ledger.AskAsync<long>(HeldUnlikeRuns)).ShouldBe(0);
        (await ledger.AskAsync<long>(CountedUnlikeTotals)).ShouldBe(0);
        await CyclesShouldTellAsync(ledger);
        await ledger.ShouldRebuildAsync(new CapturedUsage());
    }

    /// <summary>A usage that moves to another day.</summary>
    private static async Task ReviseAsync(CoveredLedger ledger, string at)
    {
        var reply = await ledger.Caller.UsageAsync(
            $$"""{"idempotencyKey":"moved","source":"twilio","clientId":"contoso","provider":"twilio","metric":"sms.inbound","quantity":"1","unit":"message","occurredAt":"{{at}}","revision":true}""");
        reply.Status.ShouldBe(200, reply.Text);
        await ledger.SettledAsync();
    }

    /// <summary>The share of the hours of the sources that feed the client, which coverage lists one by one.</summary>
    private static async Task CyclesShouldTellAsync(CoveredLedger ledger)
    {
        var hours = new Dictionary<string, (long Expected, long Covered)>();
        foreach (var source in new[] { "retell", "twilio", "openrouter" })
        {
            var listed = (await ledger.CoverageAsync(source, 0, 5 * Day)).GetProperty("hours").EnumerateArray().Select(hour => hour.GetProperty("covered").GetBoolean()).ToList();
            hours[source] = (listed.Count, listed.Count(covered => covered));
        }

        var shares = new HashSet<string>();
        foreach (var client in JsonDocument.Parse((await ledger.Caller.GetAsync("/v1/clients")).Text).RootElement.GetProperty("items").EnumerateArray())
        {
            var name = client.GetProperty("clientId").GetString()!;
            var fed = await ledger.AskAsync<string[]>($"select array_agg(distinct source order by source) from read.captured_clients where client_id = '{name}' and records > 0");
            var share = Ratio.Of(fed.Sum(source => hours[source].Covered), fed.Sum(source => hours[source].Expected));
            var cycle = JsonDocument.Parse((await ledger.Caller.GetAsync($"/v1/clients/{name}/cycles/2026-10")).Text).RootElement;
            cycle.GetProperty("quality").GetProperty("coverage").GetString().ShouldBe(ExactDecimal.ToText(share!.Value), name);
            shares.Add($"{share}");
        }

        shares.ShouldContain(share => share != "1" && share != "0");
    }
}
