using System.Globalization;
using System.Text;
using System.Text.Json;
using NodaTime;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.Simulators.Retell;
using UsageLedger.Simulators.Twilio;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>The vendors' own SDKs take the simulators for the vendors.</summary>
public sealed class VendorSdkSpecs
{
    [VendorSdkFact]
    public async Task Their_clients_read_the_true_bill()
    {
        await using var server = await SimServer.StartAsync();

        // It is more than a program's output is kept of.
        var file = Path.Combine(SpecFolders.Next(), "seen.json");
        await VendorSdks.RunAsync("read.mjs", server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), file);
        var seen = JsonDocument.Parse(await File.ReadAllTextAsync(file)).RootElement;

        IsRetells(server, seen.GetProperty("retell"));
        foreach (var account in seen.GetProperty("twilio").EnumerateArray())
        {
            IsTwilios(server, account);
        }

        IsOpenRouters(server, seen.GetProperty("openrouter"));
    }

    [VendorSdkFact]
    public async Task Retells_types_hold_its_answers()
    {
        await using var server = await SimServer.StartAsync();

        (await VendorSdks.RunAsync("types.mjs", server.Http.BaseAddress!.GetLeftPart(UriPartial.Authority))).ShouldBeEmpty();
    }

    [VendorSdkFact]
    public async Task Their_functions_take_our_signatures_for_theirs()
    {
        const string body = """{"event":"call_ended","call":{"call_id":"ü"}}""";
        var fields = new Dictionary<string, string> { ["MessageSid"] = "SM1", ["Body"] = "a b+c&d=é", ["AccountSid"] = "AC1" };
        const string url = "https://ledger.example:8443/v1/webhooks/t/s?x=1&y='z'";

        var retell = await VendorSdks.SignAsync("verify-retell", new
        {
            body, key = "key_1", value = RetellWebhooks.Sign(Encoding.UTF8.GetBytes(body), "key_1", SystemClock.Instance.GetCurrentInstant()),
        });
        var twilio = await VendorSdks.SignAsync("twilio", new { url, fields, token = "token_1" });

        retell.GetProperty("valid").GetBoolean().ShouldBeTrue();
        twilio.GetProperty("value").GetString().ShouldBe(TwilioCallbacks.Sign(url, fields, "token_1"));
    }

    private static void IsRetells(SimServer server, JsonElement seen)
    {
        var told = from call in seen.GetProperty("calls").EnumerateArray()
                   from product in call.GetProperty("products").EnumerateArray()
                   select $"{Text(call, "id")} {Text(product, "product")} {Exact(product.GetProperty("cost").GetDecimal() / 100)}";
        told.ShouldBe(server.Truth("retell", "product").Select(item => $"{item.NativeId} {item.Part} {item.Cost}"), ignoreOrder: true);
        seen.GetProperty("ended").GetInt32().ShouldBe(server.World.RetellCalls.Count(call => call.Status == "ended"));
        Text(seen, "transcript").ShouldContain(server.World.RetellCalls[0].Words);
    }

    private static void IsTwilios(SimServer server, JsonElement account)
    {
        Priced(account.GetProperty("messages")).ShouldBe(Truth("message"), ignoreOrder: true);
        Priced(account.GetProperty("calls")).ShouldBe(Truth("call"), ignoreOrder: true);
        account.GetProperty("since").GetInt32().ShouldBe(account.GetProperty("expectedSince").GetInt32());
        account.GetProperty("fetched").EnumerateArray().ShouldAllBe(same => same.GetBoolean());
        var bill = server.Truth("twilio", "message").Concat(server.Truth("twilio", "call"))
            .Where(item => item.Account == Text(account, "sid") && item.Cost is not null).Sum(item => Amount(item.Cost!));
        Amount(Text(account.GetProperty("records").EnumerateArray().Single(row => Text(row, "category") == "totalprice"), "price")).ShouldBe(bill);
        account.GetProperty("dailyTotal").EnumerateArray().Sum(price => Amount(price.GetString()!)).ShouldBe(bill);

        IEnumerable<string> Truth(string kind) =>
            server.Truth("twilio", kind).Where(item => item.Account == Text(account, "sid")).Select(item => $"{item.NativeId} {item.Cost}");
    }

    private static void IsOpenRouters(SimServer server, JsonElement seen)
    {
        var truth = server.Truth("openrouter", "generation").Select(item => $"{item.NativeId} {item.Cost}").ToList();
        truth.ShouldNotBeEmpty();
        seen.GetProperty("generations").EnumerateArray().Select(made => $"{Text(made, "id")} {Exact(made.GetProperty("cost").GetDecimal())}").ShouldBe(truth, ignoreOrder: true);
        seen.GetProperty("activity").GetInt32().ShouldBeGreaterThan(seen.GetProperty("ofKey").GetInt32());
        seen.GetProperty("keys").EnumerateArray().Select(hash => hash.GetString()).ShouldBe(server.Directory.Agents.Select(agent => agent.Key.Hash));
        Text(seen, "ownLabel").ShouldBe(server.Directory.Agents[0].Key.Label);
        seen.GetProperty("totalUsage").GetDecimal().ShouldBe(server.World.Generations.Sum(made => made.Cost));
    }

    private static IEnumerable<string> Priced(JsonElement items) =>
        items.EnumerateArray().Select(item => $"{Text(item, "sid")} {(item.GetProperty("price").GetString() is { } price ? Exact(-Amount(price)) : null)}");

    private static string Text(JsonElement item, string name) => item.GetProperty(name).GetString()!;

    private static decimal Amount(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static string Exact(decimal amount) => amount.ToString("0.############################", CultureInfo.InvariantCulture);
}
