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
}
