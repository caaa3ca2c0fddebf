using System.Net;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.Specs.Collecting;

public sealed class SourceAddressSpecs
{
    private static readonly SourceAddresses Outside = new(AllowLoopback: false);

    [Theory]
    [InlineData("https://api.retellai.com")]
    [InlineData("https://api.twilio.com:8443/v1")]
    [InlineData("https://8.8.8.8/")]
    [InlineData("https://[2606:4700::1111]/")]
    public void An_address_outside_is_taken(string url) => Outside.Refusal(url).ShouldBeNull();

    [Theory]
    [InlineData("http://api.retellai.com")]
    [InlineData("https://localhost:5080/")]
    [InlineData("https://LOCALHOST./")]
    [InlineData("https://a.localhost/")]
    [InlineData("https://vault.internal/")]
    [InlineData("https://printer.local/")]
    [InlineData("https://metadata/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("https://127.1/")]
    [InlineData("https://2130706433/")]
    [InlineData("https://0x7f000001/")]
    [InlineData("https://0.0.0.0/")]
    [InlineData("https://10.1.2.3/")]
    [InlineData("https://172.16.0.1/")]
    [InlineData("https://192.168.1.1/")]
    [InlineData("https://169.254.169.254/latest/meta-data")]
    [InlineData("https://100.64.0.1/")]
    [InlineData("https://[::1]/")]
    [InlineData("https://[::]/")]
    [InlineData("https://[::ffff:127.0.0.1]/")]
    [InlineData("https://[64:ff9b::7f00:1]/")]
    [InlineData("https://[::7f00:1]/")]
    [InlineData("https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/")]
    [InlineData("https://[2002:7f00:1::]/")]
    [InlineData("https://[0:0:0:0:0:ffff:a9fe:a9fe]/")]
    [InlineData("https://017700000001/")]
    [InlineData("https://0177.0.0.1/")]
    [InlineData("https://0xa9.0xfe.0xa9.0xfe/")]
    [InlineData("https://2852039166/")]
    [InlineData("https://１２７.０.０.１/")]
    [InlineData("https://metadata.google.internal./")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00::1]/")]
    public void This_server_and_its_network_are_refused_unless_allowed(string url)
    {
        Outside.Refusal(url).ShouldNotBeNull();
        new SourceAddresses(AllowLoopback: true).Refusal(url).ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("api.retellai.com")]
    [InlineData("/v1")]
    [InlineData("ftp://api.retellai.com")]
    [InlineData("file:///etc/passwd")]
    [InlineData("https://user:password@api.retellai.com")]
    [InlineData("https://api.retellai.com/?key=1")]
    [InlineData("https://api.retellai.com/#a")]
    public void What_is_no_plain_absolute_address_is_refused_always(string url) => new SourceAddresses(AllowLoopback: true).Refusal(url).ShouldNotBeNull();

    [Theory]
    [InlineData("127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("fd00:ec2::254", false)]
    [InlineData("64:ff9b::a9fe:a9fe", false)]
    [InlineData("::169.254.169.254", false)]
    [InlineData("93.184.216.34", true)]
    public void An_address_that_a_name_turned_out_to_be_is_judged_the_same(string address, bool allowed) =>
        Outside.Allows(IPAddress.Parse(address)).ShouldBe(allowed);
}
