using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Receiving;

namespace UsageLedger.Specs.Receiving;

public sealed class ReceivedUrlSpecs
{
    private static readonly TrustedProxies Proxies = TrustedProxies.Parse("10.0.0.0/8, 192.0.2.7")!;

    [Fact]
    public void The_url_is_taken_as_it_came_to_the_letter() =>
        Url("203.0.113.9").ShouldBe("http://ledger.local:5080/v1/webhooks/acme/tw?a=%27b%27");

    [Theory]
    [InlineData("10.1.2.3", "https://ledger.example/v1/webhooks/acme/tw?a=%27b%27")]
    [InlineData("192.0.2.7", "https://ledger.example/v1/webhooks/acme/tw?a=%27b%27")]
    [InlineData("::ffff:10.1.2.3", "https://ledger.example/v1/webhooks/acme/tw?a=%27b%27")]
    [InlineData("192.0.2.8", "http://ledger.local:5080/v1/webhooks/acme/tw?a=%27b%27")]
    public void Only_a_trusted_proxy_may_say_by_which_name_it_was_called(string remote, string url) =>
        Url(remote, null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil.example, ledger.example"), ("X-Forwarded-Port", "443")).ShouldBe(url);

    [Fact]
    public void Another_port_is_part_of_the_url() =>
        Url("10.1.2.3", null, ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "ledger.example"), ("X-Forwarded-Port", "8443"))
            .ShouldBe("https://ledger.example:8443/v1/webhooks/acme/tw?a=%27b%27");

    [Theory]
    [InlineData("https://hooks.example/in", "https://hooks.example/in?a=%27b%27")]
    [InlineData("https://hooks.example/in?fixed=1", "https://hooks.example/in?fixed=1")]
    public void The_setting_of_the_source_is_stronger_than_all_but_the_query_that_the_vendor_signed(string setting, string url) =>
        Url("10.1.2.3", setting, ("X-Forwarded-Host", "ledger.example")).ShouldBe(url);

    [Theory]
    [InlineData("10.0.0.0/33")]
    [InlineData("proxy.example")]
    public void What_is_no_address_is_no_proxy(string text) => TrustedProxies.Parse(text).ShouldBeNull();

    private static string Url(string remote, string? configured = null, params (string Name, string Value)[] headers)
    {
        var context = new DefaultHttpContext();
        context.Connection.RemoteIpAddress = IPAddress.Parse(remote);
        context.Request.Scheme = "http";
        context.Request.Host = new HostString("ledger.local", 5080);
        context.Features.Get<IHttpRequestFeature>()!.RawTarget = "/v1/webhooks/acme/tw?a=%27b%27";
        foreach (var (name, value) in headers)
            context.Request.Headers[name] = value;
        var settings = configured is null ? [] : new Dictionary<string, string> { [SourceSettings.WebhookUrl] = configured };
        return ReceivedUrl.Of(context, new Source("acme", "tw", "twilio", new Uri("https://api.example"), null, Duration.Zero, settings), Proxies);
    }
}
