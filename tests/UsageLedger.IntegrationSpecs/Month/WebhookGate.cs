using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>The address that vendors call: it stays while hosts come and go, and passes everything on unchanged. What no host takes is lost, if its vendor does not try again.</summary>
internal sealed class WebhookGate : IAsyncDisposable
{
    private static readonly string[] Passed = ["x-retell-signature", "X-Twilio-Signature", "Authorization"];

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(8) };
    private readonly Func<Uri> host;
    private readonly WebApplication app;

    private WebhookGate(Func<Uri> host)
    {
        this.host = host;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(PassAsync);
    }

    public static async Task<WebhookGate> StartAsync(Func<Uri> host)
    {
        var gate = new WebhookGate(host);
        await gate.app.StartAsync();
        return gate;
    }

    public Uri UrlOf(string source) => new(new Uri(app.Urls.Single()), $"/v1/webhooks/{MonthLedger.Tenant}/{source}");

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.Where(header => Passed.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(header => header.Key, header => header.Value.ToString());
        context.Response.StatusCode = await PassAsync(new Hook(context.Request.Path, body.ToArray(), context.Request.ContentType ?? "", headers));
    }

    private async Task<int> PassAsync(Hook hook)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(host(), hook.Path)) { Content = new ByteArrayContent(hook.Body) };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", hook.ContentType);
        foreach (var (name, value) in hook.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await http.SendAsync(request);
            return (int)answer.StatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException)
        {
            return StatusCodes.Status502BadGateway;
        }
    }

    private sealed record Hook(string Path, byte[] Body, string ContentType, IReadOnlyDictionary<string, string> Headers);
}
