using System.Security.Cryptography;
using System.Text;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.OpenRouter;
using UsageLedger.Collecting.Retell;
using UsageLedger.Collecting.Twilio;
using UsageLedger.Receiving;

namespace UsageLedger.Specs.Collecting;

/// <summary>Who may push usage, beyond what the vendors' own vectors say.</summary>
public sealed class WebhookSignatureSpecs
{
    private static readonly Credential[] Rotated =
        [Vendors.Credential((RetellCollector.ApiKey, "new"), ("authToken", "new"), ("webhookSecret", "new")), Vendors.Credential((RetellCollector.ApiKey, "old"), ("authToken", "old"), ("webhookSecret", "old"))];

    [Theory]
    [InlineData(0, true)]
    [InlineData(300_000, true)]
    [InlineData(-300_000, true)]
    [InlineData(300_001, false)]
    [InlineData(-300_001, false)]
    public void Retells_clock_may_be_five_minutes_off_either_way(long ms, bool expected) =>
        new RetellWebhooks().IsSigned(Retell("{}", "old", Vendors.Now + Duration.FromMilliseconds(ms)), Vendors.Source("retell"), Rotated, Vendors.Now).ShouldBe(expected);

    [Fact]
    public void Without_credentials_nothing_is_signed()
    {
        new RetellWebhooks().IsSigned(Retell("{}", "", Vendors.Now), Vendors.Source("retell"), [], Vendors.Now).ShouldBeFalse();
        new OpenRouterWebhooks().IsSigned(Vendors.Delivery("", ("authorization", "Bearer ")), Vendors.Source("openrouter"), [], Vendors.Now).ShouldBeFalse();
        new OpenRouterWebhooks().IsSigned(
            Vendors.Delivery("", ("authorization", "Bearer ")), Vendors.Source("openrouter"), [Vendors.Credential(("webhookSecret", ""))], Vendors.Now).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Bearer old", true)]
    [InlineData("bearer new", true)]
    [InlineData("Bearer older", false)]
    [InlineData("Basic old", false)]
    [InlineData("old", false)]
    [InlineData("", false)]
    public void OpenRouter_shows_its_secret_as_a_bearer(string header, bool expected) =>
        new OpenRouterWebhooks().IsSigned(Vendors.Delivery("{}", ("authorization", header)), Vendors.Source("openrouter"), Rotated, Vendors.Now).ShouldBe(expected);

    [Fact]
    public void A_form_of_Twilio_holds_with_the_token_before_and_not_with_one_value_changed()
    {
        const string body = "AccountSid=AC1&MessageSid=SM1&Body=a+b%20c";
        var signature = Twilio("https://ledger.example/v1/webhooks/acme/mainAccountSidAC1Bodya b cMessageSidSM1", "old");

        bool Signed(string sent) => new TwilioWebhooks().IsSigned(
            Vendors.Delivery(sent, (TwilioWebhooks.Header, signature), ("content-type", "application/x-www-form-urlencoded; charset=UTF-8")),
            Vendors.Source("twilio"), Rotated, Vendors.Now);

        Signed(body).ShouldBeTrue();
        Signed(body.Replace("SM1", "SM2", StringComparison.Ordinal)).ShouldBeFalse();
    }

    [Fact]
    public void A_body_of_Twilio_that_is_no_form_needs_its_hash_in_the_URL()
    {
        const string body = "{}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body)));

        bool Signed(string url, string sent) => new TwilioWebhooks().IsSigned(
            new WebhookDelivery(url, new Dictionary<string, string> { [TwilioWebhooks.Header] = Twilio(url, "new"), ["content-type"] = "application/json" }, Encoding.UTF8.GetBytes(sent)),
            Vendors.Source("twilio"), Rotated, Vendors.Now);

        Signed($"https://ledger.example/hook?bodySHA256={hash}", body).ShouldBeTrue();
        Signed($"https://ledger.example/hook?a=1&bodySHA256={hash}#", body).ShouldBeTrue();
        Signed($"https://ledger.example/hook?bodySHA256={hash}", "{ }").ShouldBeFalse();
        Signed("https://ledger.example/hook", body).ShouldBeFalse();
    }

    private static WebhookDelivery Retell(string body, string key, Instant at)
    {
        var stamp = at.ToUnixTimeMilliseconds();
        var digest = Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes($"{body}{stamp}")));
        return Vendors.Delivery(body, (RetellWebhooks.Header, $"v={stamp},d={digest}"));
    }

#pragma warning disable CA5350 // Twilio signs with SHA-1.
    private static string Twilio(string signed, string token) =>
        Convert.ToBase64String(HMACSHA1.HashData(Encoding.UTF8.GetBytes(token), Encoding.UTF8.GetBytes(signed)));
#pragma warning restore CA5350
}
