using System.Net;
using UsageLedger.Collecting;

namespace UsageLedger.Specs.Collecting;

public sealed class ValidationSpecs
{
    [Theory]
    [InlineData(HttpStatusCode.OK, 0)]
    [InlineData(HttpStatusCode.BadRequest, 1)]
    [InlineData(HttpStatusCode.Unauthorized, 1)]
    public async Task A_vendor_is_judged_by_its_status_and_its_body_is_left_unread(HttpStatusCode status, int problems)
    {
        var source = Vendors.Source("retell");
        using var http = new HttpMessageInvoker(new Answers(() => new HttpResponseMessage(status) { Content = new StreamContent(new Unread()) }));
        using var way = new VendorHttp(http, source.BaseUrl, new VendorLimits(10, 1, 1, 64 * 1024 * 1024), VendorPatience.Default);
        var account = new VendorAccount(source, [Vendors.Credential(("apiKey", "key"))], way, Vendors.Numbers);

        (await account.ProblemsAsync(_ => new HttpRequestMessage(HttpMethod.Get, source.BaseUrl), CancellationToken.None)).Count.ShouldBe(problems);
    }

    private sealed class Answers(Func<HttpResponseMessage> answer) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) => Task.FromResult(answer());
    }

    private sealed class Unread : MemoryStream
    {
        public override bool CanSeek => false;

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            throw new InvalidOperationException("The body was read.");
    }
}
