using System.Diagnostics;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>A month of twenty clients, collected from vendors that behave badly by a ledger that is killed again and again.</summary>
public sealed class MonthSpecs(ITestOutputHelper output)
{
    private const string CountEvents = "select string_agg(type || ' ' || count, ', ' order by type) from (select type, count(*) from ledger.mt_events group by type) t";
    private const string CountDoubled = """
        select count(*) - count(distinct (data ->> 'source', data ->> 'idempotencyKey')) from ledger.mt_events where type = 'usage_recorded'
        """;

    /// <summary>The vendors' own ids, which stand in every key after what kind of thing they are of.</summary>
    private const string SelectNatives = """
        select string_agg(distinct split_part(data ->> 'idempotencyKey', ':', 2), ' ') from ledger.mt_events where type = 'usage_recorded'
        """;

    private const string SelectHead = "select max(seq_id) from ledger.mt_events";

    public static TheoryData<int> Seeds { get; } = MonthPlan.Number(MonthPlan.SeedVariable) is { } seed ? [seed] : [1, 2, 3];

    /// <summary>All but OpenRouter's cached tokens, which are told in broadcasts alone.</summary>
    [Theory, MemberData(nameof(Seeds))]
    public async Task What_is_collected_is_the_true_bill_to_the_last_digit_whatever_was_killed_and_whatever_webhooks_were_lost(int seed)
    {
        var (plan, took) = (MonthPlan.Of(seed), Stopwatch.StartNew());
        output.WriteLine(plan.ToString());
        await using var vendors = await SimServer.StartAsync(new SimOptions(plan.World, SystemClock.Instance) { Faults = MonthPlan.Faults, DeliversByItself = false });
        await using var ledger = await MonthLedger.StartAsync();
        await using var gate = await WebhookGate.StartAsync(() => ledger.Address);
        try
        {
            var blows = new Blows(plan, ledger, output);
            await PassAsync(plan, vendors, ledger, gate, blows);
            blows.Fallen.ShouldBe(Blows.OfHost + Blows.OfPostgres);
            output.WriteLine($"{took.Elapsed.TotalSeconds:0} s: the month has passed");
            await SettleAsync(plan, ledger);
            output.WriteLine($"{took.Elapsed.TotalSeconds:0} s: nothing is left to do");
            var webhooks = await vendors.Simulation.Webhooks.DeliverAsync(default);
            output.WriteLine(webhooks.ToString());
            webhooks.Pending.ShouldBe(0);
            output.WriteLine(await ledger.SelectAsync<string>(CountEvents));
            await ShouldHoldAsync(plan, vendors, ledger);
        }
        catch
        {
            output.WriteLine(ledger.Complaints);
            throw;
        }

        output.WriteLine($"{took.Elapsed.TotalSeconds:0} s: all holds");
    }

    private static async Task PassAsync(MonthPlan plan, SimServer vendors, MonthLedger ledger, WebhookGate gate, Blows blows)
    {
        await MonthSources.ConfigureAsync(ledger, vendors, gate);
        await MonthSources.MapAsync(ledger, vendors, late: false);
        foreach (var (step, at) in plan.Steps.Index())
        {
            vendors.Simulation.Clock.Set(at);
            var blow = blows.FallAsync(step);
            var pushed = vendors.Simulation.Webhooks.DeliverAsync(default);
            await AskAsync(ledger, at, seldom: step % MonthPlan.Seldom == 0);
            if (step == plan.Steps.Count / 2)
                await MonthSources.MapAsync(ledger, vendors, late: true);
            await Task.WhenAll(blow, pushed);
            if (step == plan.LastLook)
                await LookAsync(ledger, at);
        }
    }

    /// <summary>The month passes in less time than a host that died takes to be replaced at its work: what waits must not find the days gone.</summary>
    private static async Task LookAsync(MonthLedger ledger, Instant at)
    {
        var settling = new Settling(ledger);
        await settling.SettleAsync();
        await AskAsync(ledger, at, seldom: true);
        await settling.SettleAsync();
    }

    /// <summary>Windows overlap by so much that everything is asked for once more when its price is final; OpenRouter, which lists nothing but days, is asked seldom.</summary>
    private static async Task AskAsync(MonthLedger ledger, Instant at, bool seldom)
    {
        foreach (var source in MonthSources.Commanded.Where(source => seldom || source != MonthSources.OpenRouter))
        {
            var from = at - (source == MonthSources.OpenRouter ? MonthPlan.Step * MonthPlan.Seldom : MonthPlan.Step + MonthPlan.FinalAfter);
            var reply = await ledger.PostAsync("/v1/collections", JsonSerializer.Serialize(new { sourceId = source, from = Text(from), to = Text(at) }));
            reply.Status.ShouldBe(202, reply.Text);
        }
    }

    private async Task SettleAsync(MonthPlan plan, MonthLedger ledger)
    {
        var settling = new Settling(ledger);
        await settling.SettleAsync();
        await settling.ScheduledAsync(MonthSources.Scheduled);
        await AskAsync(ledger, plan.Steps[^1] + MonthPlan.Step, seldom: true);
        await settling.SettleAsync();
        (await settling.StrandedAsync()).ShouldBeEmpty();
        await settling.AttributedAsync();
        output.WriteLine($"{settling.Retried} items were tried again by hand");
    }

    private static async Task ShouldHoldAsync(MonthPlan plan, SimServer vendors, MonthLedger ledger)
    {
        MonthTruth.ShouldHaveAll(vendors.World, (await ledger.SelectAsync<string>(SelectNatives)).Split(' ').ToHashSet());
        var told = new ToldUsage(plan, ledger, vendors.Directory, await ledger.SelectAsync<long>(SelectHead));
        MonthTruth.ShouldBeOfEachDay(await told.ByDayAsync(), vendors.World);
        MonthTruth.ShouldBeOfEachCycle(await told.ByCycleAsync(), vendors.World);
        (await ledger.SelectAsync<long>(CountDoubled)).ShouldBe(0);
        var rebuilt = (await ledger.Program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0).Json;
        rebuilt["projections"]!.AsArray().Select(one => $"{one!["name"]} {one["differences"]}").ShouldBe(
            Host.LedgerServices.Projections.Select(projection => $"{projection.Name} 0"), ignoreOrder: true);
        (await ledger.Program.RunAsync("verify", "--json")).ShouldExit(0).Json["whole"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);
}
