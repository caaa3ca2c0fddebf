using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace UsageLedger.IntegrationSpecs.Simulators;

/// <summary>A webhook as it arrived.</summary>
internal sealed record Hook(string Path, byte[] Body, string? Retell, string? Twilio, string? Authorization);

/// <summary>Keeps every webhook that is sent to it.</summary>
internal sealed class HookReceiver : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly ConcurrentQueue<Hook> hooks = new();

    private HookReceiver(int status)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        app = builder.Build();
        app.Run(async context =>
        {
            using var body = new MemoryStream();
            await context.Request.Body.CopyToAsync(body);
            var headers = context.Request.Headers;
            hooks.Enqueue(new Hook(context.Request.Path, body.ToArray(), headers["x-retell-signature"], headers["X-Twilio-Signature"], headers.Authorization));
            context.Response.StatusCode = status;
        });
    }

    public Uri Url => new(app.Urls.Single());

    public IReadOnlyList<Hook> Hooks => [.. hooks];

    public static async Task<HookReceiver> StartAsync(int status = StatusCodes.Status200OK)
    {
        var receiver = new HookReceiver(status);
        await receiver.app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
