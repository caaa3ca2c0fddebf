using System.IO.Compression;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using NodaTime;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A vendor that misbehaves in every way that a vendor does, over real HTTP, and a client of it that has little time.</summary>
internal sealed class VendorServer : IAsyncDisposable
{
    public const int BytesMax = 100_000;

    private static readonly VendorPatience Hasty = new(
        Duration.FromMilliseconds(500), Duration.FromSeconds(8), 4, Duration.FromMilliseconds(10), Duration.FromSeconds(2), Duration.FromSeconds(5));

    private readonly WebApplication app;
    private readonly VendorClients clients;
    private int asked;

    private VendorServer(bool allowLoopback)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(context => Answer(context, Interlocked.Increment(ref asked)));
        clients = new VendorClients(new SourceAddresses(allowLoopback), Hasty);
    }

    public int Asked => asked;

    public Uri Url => new(app.Urls.Single());

    public VendorHttp Http => clients.For(
        new Source("acme", "main", "spec", Url, null, Duration.Zero, new Dictionary<string, string>()), new VendorLimits(1_000, 2, 10, BytesMax));

    public static async Task<VendorServer> StartAsync(bool allowLoopback = true)
    {
        var server = new VendorServer(allowLoopback);
        await server.app.StartAsync();
        return server;
    }

    public Task<VendorAnswer> AskAsync(string path) => Http.SendAsync(() => new HttpRequestMessage(HttpMethod.Get, new Uri(Url, path)), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        clients.Dispose();
        await app.DisposeAsync();
    }

    private static Task Answer(HttpContext context, int time)
    {
        var response = context.Response;
        var isFirst = time == 1;
        switch (context.Request.Path.Value)
        {
            case "/limited" when isFirst:
                response.Headers.RetryAfter = "1";
                response.StatusCode = 429;
                return Task.CompletedTask;
            case "/limited-silently" when time <= 2:
                response.StatusCode = 429;
                return Task.CompletedTask;
            case "/limited-long":
                response.Headers.RetryAfter = "3600";
                response.StatusCode = 429;
                return Task.CompletedTask;
            case "/failing" when time <= 2:
            case "/failed":
                response.StatusCode = 500;
                return Task.CompletedTask;
            case "/cut" when isFirst:
                context.Abort();
                return Task.CompletedTask;
            case "/slow" when isFirst:
                return Task.Delay(TimeSpan.FromSeconds(3), context.RequestAborted);
            case "/redirect":
                response.Redirect("http://elsewhere.example/");
                return Task.CompletedTask;
            case "/large":
                return response.Body.WriteAsync(new byte[BytesMax + 1]).AsTask();
            case "/bomb":
                response.Headers.ContentEncoding = "gzip";
                return BombAsync(response);
            case "/truncated" when isFirst:
                return response.WriteAsync("{\"a\":");
            case "/refused":
                response.StatusCode = 401;
                return Task.CompletedTask;
            case "/unknown":
                response.StatusCode = 404;
                return Task.CompletedTask;
            default:
                return response.WriteAsync("{}");
        }
    }

    private static async Task BombAsync(HttpResponse response)
    {
        using var zipped = new MemoryStream();
        await using (var zip = new GZipStream(zipped, CompressionLevel.Optimal, leaveOpen: true))
        {
            await zip.WriteAsync(new byte[50 * BytesMax]);
        }

        await response.Body.WriteAsync(zipped.ToArray());
    }
}
