using System.Globalization;
using System.Text.Json;
using UsageLedger.Simulators.Faults;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>The true bill is what the vendors tell in the end, item by item, whether they behave or not.</summary>
public sealed class TruthSpecs
{
    public static TheoryData<bool> Behaviours { get; } = [false, true];

    [Theory, MemberData(nameof(Behaviours))]
    public async Task Retells_calls_cost_what_the_truth_says(bool rough)
    {
        await using var server = await StartAsync(rough);

        var told = from call in (await server.RetellCallsAsync()).Once("call_id")
                   from product in call.GetProperty("call_cost").GetProperty("product_costs").EnumerateArray()
                   let leg = product.TryGetProperty("is_transfer_leg_cost", out var isLeg) && isLeg.GetBoolean()
                   select $"{Text(call, "call_id")} {Text(product, "product")} {leg} {Exact(product.GetProperty("cost").GetDecimal() / 100)}";

        told.ShouldBe(server.Truth("retell", "product").Select(item => $"{item.NativeId} {item.Part} {item.IsTransferLeg} {item.Cost}"), ignoreOrder: true);
    }

    [Theory, MemberData(nameof(Behaviours))]
    public async Task Twilios_messages_and_calls_cost_what_the_truth_says(bool rough)
    {
        await using var server = await StartAsync(rough);

        foreach (var account in Enumerable.Range(0, server.Directory.TwilioAccounts.Count))
        {
            var sid = server.Directory.TwilioAccounts[account].Sid;
            Priced((await server.TwilioAsync("Messages.json?PageSize=9", "messages", account)).Once("sid"))
                .ShouldBe(server.Truth("twilio", "message").Where(item => item.Account == sid).Select(item => $"{item.NativeId} {item.Cost}"), ignoreOrder: true);
            Priced((await server.TwilioAsync("Calls.json?PageSize=9", "calls", account)).Once("sid"))
                .ShouldBe(server.Truth("twilio", "call").Where(item => item.Account == sid).Select(item => $"{item.NativeId} {item.Cost}"), ignoreOrder: true);
        }
    }

    [Theory, MemberData(nameof(Behaviours))]
    public async Task OpenRouters_generations_cost_what_the_truth_says_and_add_up_to_its_activity_and_credits(bool rough)
    {
        await using var server = await StartAsync(rough);
        var truth = server.Truth("openrouter", "generation").ToList();

        foreach (var item in truth)
        {
            var made = (await server.GetAsync($"/openrouter/api/v1/generation?id={item.NativeId}", server.OpenRouter)).GetProperty("data");
            Exact(made.GetProperty("total_cost").GetDecimal()).ShouldBe(item.Cost);
        }

        var bill = truth.Sum(item => decimal.Parse(item.Cost!, CultureInfo.InvariantCulture));
        var activity = (await server.GetAsync("/openrouter/api/v1/activity", server.OpenRouter)).GetProperty("data").EnumerateArray().ToList();
        var days = (first: activity.Min(row => Text(row, "date")), truth: truth.Where(item => string.CompareOrdinal(item.OccurredAt, activity.Min(row => Text(row, "date"))) >= 0));
        activity.Sum(row => row.GetProperty("usage").GetDecimal()).ShouldBe(days.truth.Sum(item => decimal.Parse(item.Cost!, CultureInfo.InvariantCulture)));
        (await server.GetAsync("/openrouter/api/v1/credits", server.OpenRouter)).GetProperty("data").GetProperty("total_usage").GetDecimal().ShouldBe(bill);
    }

    [Fact]
    public async Task Usage_records_add_up_to_what_messages_and_calls_cost_subaccounts_included_unless_left_out()
    {
        await using var server = await StartAsync(rough: false);
        var truth = server.Truth("twilio", "message").Concat(server.Truth("twilio", "call")).Where(item => item.Cost is not null)
            .ToLookup(item => item.Account, item => decimal.Parse(item.Cost!, CultureInfo.InvariantCulture));

        (await TotalAsync("Usage/Records.json?Category=totalprice")).ShouldBe(truth.Sum(account => account.Sum()));
        (await TotalAsync("Usage/Records/Daily.json?Category=totalprice&PageSize=3")).ShouldBe(truth.Sum(account => account.Sum()));
        (await TotalAsync("Usage/Records.json?Category=totalprice&IncludeSubaccounts=false")).ShouldBe(truth[server.Directory.TwilioAccounts[0].Sid].Sum());
        var rows = await server.TwilioAsync("Usage/Records.json", "usage_records");
        Price(rows, "totalprice").ShouldBe(Price(rows, "calls") + Price(rows, "sms") + Price(rows, "mms") + Price(rows, "failed-message-processing-fee"));

        async Task<decimal> TotalAsync(string list) => (await server.TwilioAsync(list, "usage_records")).Sum(row => Amount(row));
    }

    private static Task<SimServer> StartAsync(bool rough) => SimServer.StartAsync(rough ? SimFaults.Rough with { HangMs = 10 } : SimFaults.None);

    private static IEnumerable<string> Priced(IEnumerable<JsonElement> items) =>
        items.Select(item => $"{Text(item, "sid")} {(item.GetProperty("price").GetString() is { } price ? Exact(-decimal.Parse(price, CultureInfo.InvariantCulture)) : null)}");

    private static decimal Price(List<JsonElement> rows, string category) => Amount(rows.Single(row => Text(row, "category") == category));

    private static decimal Amount(JsonElement row) => decimal.Parse(Text(row, "price"), CultureInfo.InvariantCulture);

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static string Exact(decimal amount) => amount.ToString("0.############################", CultureInfo.InvariantCulture);
}
