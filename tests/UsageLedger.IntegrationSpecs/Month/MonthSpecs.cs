using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using NodaTime;
using NodaTime.Text;
using UsageLedger.IntegrationSpecs.Embedded;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Truth;
using Xunit.Abstractions;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>A month of twenty clients, collected from vendors that behave badly by a ledger that is killed again and again.</summary>
[Collection(OneAtATime.Name)]
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

    [Theory, MemberData(nameof(Seeds))]
    public async Task What_is_collected_is_the_true_bill_to_the_last_digit_whatever_was_killed(int seed)
    {
        var (plan, took) = (MonthPlan.Of(seed), Stopwatch.StartNew());
        output.WriteLine(plan.ToString());
        await using var vendors = await SimServer.StartAsync(new SimOptions(plan.World, SystemClock.Instance) { Faults = MonthPlan.Faults, DeliversByItself = false });
        await using var ledger = await MonthLedger.StartAsync();
        await using var gate = await WebhookGate.StartAsync(seed, () => ledger.Address);
        try
        {
            var blows = new Blows(plan, ledger, output);
            await PassAsync(plan, vendors, ledger, gate, blows);
            blows.Fallen.ShouldBe(Blows.OfHost + Blows.OfPostgres);
            output.WriteLine($"{took.Elapsed.TotalSeconds:0} s: the month has passed");
            await SettleAsync(plan, ledger, gate);
            output.WriteLine($"{took.Elapsed.TotalSeconds:0} s: nothing is left to do");
            output.WriteLine($"{await vendors.Simulation.Webhooks.DeliverAsync(default)}, {gate.Lost} more lost on the way");
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
        }
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

    private async Task SettleAsync(MonthPlan plan, MonthLedger ledger, WebhookGate gate)
    {
        var settling = new Settling(ledger);
        await gate.EmptyAsync();
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
        var told = (await ledger.SelectAsync<string>(SelectNatives)).Split(' ').ToHashSet();
        TrueBill.Of(vendors.World).Where(item => !told.Contains(item.NativeId) && (item.Kind, item.Cost) is not ("call", null))
            .Select(item => $"{item.Provider} {item.NativeId}, which ended {item.OccurredAt}").ShouldBeEmpty();
        var head = await ledger.SelectAsync<long>(SelectHead);
        (await ToldAsync(plan, vendors, ledger, head)).ShouldBe(TrueUsage.Of(vendors.World));
        (await ledger.SelectAsync<long>(CountDoubled)).ShouldBe(0);
        var rebuilt = (await ledger.Program.RunAsync("projections", "rebuild", "all", "--verify", "--json")).ShouldExit(0).Json;
        rebuilt["projections"]!.AsArray().Select(one => $"{one!["name"]} {one["differences"]}").ShouldAllBe(one => one.EndsWith(" 0", StringComparison.Ordinal));
        (await ledger.Program.RunAsync("verify", "--json")).ShouldExit(0).Json["whole"]!.GetValue<bool>().ShouldBeTrue();
    }

    private static async Task<IReadOnlyList<string>> ToldAsync(MonthPlan plan, SimServer vendors, MonthLedger ledger, long head)
    {
        var told = new List<UsageSum>();
        var (from, to) = (Text(plan.From - Duration.FromDays(1)), Text(plan.To + Duration.FromDays(1)));
        foreach (var client in vendors.Directory.Clients)
        {
            var reply = await ledger.GetAsync($"/v1/usage?clientId={client.Id}&from={from}&to={to}&groupBy=provider,metric,agentId&minPosition={head}");
            foreach (var row in reply.Json["rows"]!.AsArray())
            {
                var sum = new UsageSum(
                    client.Id, (string)row!["provider"]!, (string?)row["agentId"], (string)row["metric"]!, (string)row["unit"]!,
                    Number((string)row["quantity"]!), Number((string?)row["cost"] ?? "0"), (long)row["records"]!);
                told.AddRange(sum.Provider != MonthSources.OpenRouter ? [sum]
                    : sum.Quantity == 0 ? [UsageSum.Whole(sum.Client, sum.Provider, sum.Agent, sum.Cost!.Value)]
                    : [sum with { Cost = null, Records = 0 }, UsageSum.Whole(sum.Client, sum.Provider, sum.Agent, sum.Cost!.Value)]);
            }
        }

        return TrueUsage.Lines(told);
    }

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Text(Instant at) => InstantPattern.ExtendedIso.Format(at);
}
