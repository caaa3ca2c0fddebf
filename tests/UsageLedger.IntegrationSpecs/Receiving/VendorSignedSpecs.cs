using NodaTime;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;

namespace UsageLedger.IntegrationSpecs.Receiving;

/// <summary>What the vendors' own SDKs sign is let in by a real server, and nothing that was changed since.</summary>
public sealed class VendorSignedSpecs
{
    private const string RetellKey = "key_0123456789abcdef";
    private const string TwilioToken = "0123456789abcdef0123456789abcdef";
    private const string TwilioAccount = "AC0123456789abcdef0123456789abcdef";
    private const string Form = "application/x-www-form-urlencoded";
    private const string RetellDoor = "/v1/webhooks/acme/retell-main";
    private const string TwilioDoor = "/v1/webhooks/acme/twilio-main";

    [VendorSdkFact]
    public async Task What_a_vendors_sdk_signs_is_let_in_and_what_was_changed_is_not()
    {
        await using var database = await LedgerCluster.CreateDatabaseAsync();
        await using var server = await LedgerServer.StartAsync(new LedgerProgram(database.ConnectionString));
        var made = await CreateKeyHandler.Handle(new CreateKey("acme", ["admin"]), database.DataSource, SystemClock.Instance, default);
        await ConfigureAsync(new Caller(server.Client, "acme", made.Created!.Secret));
        var vendor = new Caller(server.Client, "acme", null);

        await TryRetellAsync(vendor);
        await TryTwilioFormAsync(vendor);
        await TryTwilioJsonAsync(vendor);
    }

    private static async Task TryRetellAsync(Caller vendor)
    {
        const string body = """{"event":"call_started","call":{"call_id":"Jäger","call_status":"ongoing"}}""";
        var signed = await VendorSdks.SignAsync("retell", new { body, key = RetellKey });
        (string, string) header = (signed.GetProperty("header").GetString()!, signed.GetProperty("value").GetString()!);

        (await vendor.PostAsync(RetellDoor, body, Caller.Json, header)).Status.ShouldBe(200);
        (await vendor.PostAsync(RetellDoor, body.Replace("ongoing", "on_hold", StringComparison.Ordinal), Caller.Json, header)).Status.ShouldBe(401);
        (await vendor.PostAsync(RetellDoor, body)).Status.ShouldBe(401);
    }

    private static async Task TryTwilioFormAsync(Caller vendor)
    {
        var fields = new Dictionary<string, string>
        {
            ["MessageSid"] = "SM0123456789abcdef0123456789abcdef", ["MessageStatus"] = "delivered", ["AccountSid"] = TwilioAccount, ["Body"] = "a b+c&d=é",
        };
        var signed = await VendorSdks.SignAsync("twilio", new { url = Url(vendor, TwilioDoor), fields, token = TwilioToken });
        (string, string) header = (signed.GetProperty("header").GetString()!, signed.GetProperty("value").GetString()!);
        using var form = new FormUrlEncodedContent(fields);
        var body = await form.ReadAsStringAsync();

        (await vendor.PostAsync(TwilioDoor, body, Form, header)).Status.ShouldBe(200);
        (await vendor.PostAsync(TwilioDoor, body.Replace("delivered", "failed", StringComparison.Ordinal), Form, header)).Status.ShouldBe(401);
        (await vendor.PostAsync(TwilioDoor + "?more=1", body, Form, header)).Status.ShouldBe(401);
    }

    private static async Task TryTwilioJsonAsync(Caller vendor)
    {
        const string body = """{"MessageSid":"SM0123456789abcdef0123456789abcdef","MessageStatus":"sent"}""";
        var signed = await VendorSdks.SignAsync("twilio-json", new { url = Url(vendor, TwilioDoor), body, token = TwilioToken });
        (string, string) header = (signed.GetProperty("header").GetString()!, signed.GetProperty("value").GetString()!);
        var path = new Uri(signed.GetProperty("url").GetString()!).PathAndQuery;

        (await vendor.PostAsync(path, body, Caller.Json, header)).Status.ShouldBe(200);
        (await vendor.PostAsync(path, body.Replace("sent", "lost", StringComparison.Ordinal), Caller.Json, header)).Status.ShouldBe(401);
    }

    private static async Task ConfigureAsync(Caller admin)
    {
        await admin.PutAsync("/v1/sources/retell-main", """{"provider":"retell","baseUrl":"https://api.retellai.com"}""");
        await admin.PutAsync("/v1/sources/retell-main/credentials", $$$"""{"values":{"apiKey":"{{{RetellKey}}}"}}""");
        await admin.PutAsync("/v1/sources/twilio-main", """{"provider":"twilio","baseUrl":"https://api.twilio.com"}""");
        await admin.PutAsync("/v1/sources/twilio-main/credentials", $$$"""{"values":{"accountSid":"{{{TwilioAccount}}}","authToken":"{{{TwilioToken}}}"}}""");
    }

    private static string Url(Caller vendor, string path) => new Uri(vendor.Client.BaseAddress!, path).AbsoluteUri;
}
