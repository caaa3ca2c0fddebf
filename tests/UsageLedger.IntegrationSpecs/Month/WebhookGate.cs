using System.Collections.Concurrent;
using System.Diagnostics;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.IntegrationSpecs.Month;

/// <summary>The address that vendors call: it stays while hosts come and go, and passes everything on unchanged.</summary>
internal sealed class WebhookGate : IAsyncDisposable
{
    private const string Kept = "/openrouter";
    private static readonly TimeSpan KeptMax = TimeSpan.FromSeconds(60);
    private static readonly string[] Passed = ["x-retell-signature", "X-Twilio-Signature", "Authorization"];

    private readonly HttpClient http = new() { Timeout = TimeSpan.FromSeconds(8) };
    private readonly ConcurrentBag<Task> keeping = [];
    private readonly Func<Uri> host;
    private readonly WebApplication app;
    private readonly int seed;
    private int lostCount;

    private WebhookGate(int seed, Func<Uri> host)
    {
        (this.seed, this.host) = (seed, host);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(PassAsync);
    }

    public static async Task<WebhookGate> StartAsync(int seed, Func<Uri> host)
    {
        var gate = new WebhookGate(seed, host);
        await gate.app.StartAsync();
        return gate;
    }

    public Uri UrlOf(string source) => new(new Uri(app.Urls.Single()), $"/v1/webhooks/{MonthLedger.Tenant}/{source}");

    public int Lost => lostCount;

    /// <summary>Returns when the host has taken all that was kept here.</summary>
    public Task EmptyAsync() => Task.WhenAll(keeping);

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        http.Dispose();
    }

    /// <summary>Retell and Twilio are polled for what a dead host missed. OpenRouter has no list, so its broadcasts are kept here until a host takes them.</summary>
    private async Task PassAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var headers = context.Request.Headers.Where(header => Passed.Contains(header.Key, StringComparer.OrdinalIgnoreCase)).ToDictionary(header => header.Key, header => header.Value.ToString());
        var hook = new Hook(context.Request.Path, body.ToArray(), context.Request.ContentType ?? "", headers);
        if (hook.Path.EndsWith(Kept, StringComparison.Ordinal))
            keeping.Add(KeepAsync(hook));
        else if (!IsLost(hook))
            context.Response.StatusCode = await PassAsync(hook);
    }

    /// <summary>By its content and the seed, so that the same are lost when a run is repeated.</summary>
    private bool IsLost(Hook hook)
    {
        var lost = BitConverter.ToUInt32(SHA256.HashData([.. hook.Body, .. BitConverter.GetBytes(seed)])) % 1_000 < MonthPlan.Dropped;
        Interlocked.Add(ref lostCount, lost ? 1 : 0);
        return lost;
    }

    private async Task KeepAsync(Hook hook)
    {
        var waited = Stopwatch.StartNew();
        for (var status = 0; status != StatusCodes.Status200OK; status = await PassAsync(hook))
        {
            waited.Elapsed.ShouldBeLessThan(KeptMax, $"a host must take what is sent to {hook.Path} some time; it answered {status}");
            await Task.Delay(status == 0 ? 0 : 200);
        }
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
