using System.Text;
using NodaTime;
using UsageLedger.Collecting;

namespace UsageLedger.Specs.Collecting;

/// <summary>A vendor that answers what a spec says, one request after another; the last answer stays.</summary>
internal sealed class AnsweringVendor(params string[] answers) : HttpMessageHandler
{
    private static readonly VendorLimits Limits = new(RequestsPerSecond: 1_000, ConcurrencyMax: 1, PagesMax: 100, PageBytesMax: 32 * 1024 * 1024);
    private int asked;

    public static VendorAccount Account(string provider, params string[] answers)
    {
        var source = Vendors.Source(provider);
        var http = new VendorHttp(new HttpMessageInvoker(new AnsweringVendor(answers)), source.BaseUrl, Limits, VendorPatience.Default with { RetriesMax = 1, FirstWait = Duration.FromMilliseconds(1) });
        return new VendorAccount(source, [Vendors.Credential([.. Providers.All.Single(known => known.Name == provider).Collector.Credentials.Required.Select(name => (name, name == "accountSid" ? "AC1" : "value"))])], http, Vendors.Numbers);
    }

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        Task.FromResult(new HttpResponseMessage { Content = new ByteArrayContent(Encoding.UTF8.GetBytes(answers[Math.Min(asked++, answers.Length - 1)])) });
}
