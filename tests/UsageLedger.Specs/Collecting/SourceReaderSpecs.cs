using System.Text;
using UsageLedger.Answering;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Specs.Collecting;

public sealed class SourceReaderSpecs
{
    [Theory]
    [InlineData("https://ledger.example/v1/webhooks/acme/sms?to=a@b", true)]
    [InlineData("https://ledger.example:8443/@", true)]
    [InlineData("https://user:word@ledger.example/hook", false)]
    [InlineData("https://user@ledger.example", false)]
    [InlineData("//user:word@ledger.example", false)]
    public void A_webhook_URL_names_no_user_for_the_log_keeps_it(string url, bool taken)
    {
        var body = Encoding.UTF8.GetBytes($$"""{"provider":"twilio","baseUrl":"https://api.twilio.com","settings":{ "webhookUrl":"{{url}}" } }""");

        var (source, problem) = SourceReader.Read(
            CommandBody.Parse(body).Fields, "acme", "sms", new ProviderCatalogue(Providers.All), new SourceAddresses(AllowLoopback: false));

        (source?.Settings["webhookUrl"]).ShouldBe(taken ? url : null);
        (problem?.Errors!.Single().At).ShouldBe(taken ? null : "/settings/webhookUrl");
        (problem?.Code).ShouldBe(taken ? null : "invalid_url");
    }

    [Theory]
    [InlineData("telephonyBilledBy", "retell", null)]
    [InlineData("telephonyBilledBy", "twilio", null)]
    [InlineData("telephonyBilledBy", "Retell", "retell, twilio")]
    [InlineData("telephonyBilledBy", "twillio", "retell, twilio")]
    [InlineData("pageSize", "1", null)]
    [InlineData("pageSize", "1000", null)]
    [InlineData("pageSize", "abc", "1 to 1000")]
    [InlineData("pageSize", "0", "1 to 1000")]
    [InlineData("pageSize", "1001", "1 to 1000")]
    [InlineData("pageSize", " 7", "1 to 1000")]
    public void A_setting_that_means_nothing_is_refused_with_what_it_may_be(string name, string value, string? allowed)
    {
        foreach (var provider in new[] { "retell", "twilio" })
        {
            var body = Encoding.UTF8.GetBytes($$"""{"provider":"{{provider}}","baseUrl":"https://vendor.example","settings":{ "{{name}}":"{{value}}" } }""");

            var (source, problem) = SourceReader.Read(
                CommandBody.Parse(body).Fields, "acme", "main", new ProviderCatalogue(Providers.All), new SourceAddresses(AllowLoopback: false));

            (source?.Settings[name]).ShouldBe(allowed is null ? value : null);
            (problem?.Status, problem?.Code, problem?.Errors!.Single().At).ShouldBe(allowed is null ? (null, null, null) : (422, "invalid_setting", $"/settings/{name}"));
            (problem?.Detail ?? "").ShouldContain(allowed ?? "");
        }
    }
}
