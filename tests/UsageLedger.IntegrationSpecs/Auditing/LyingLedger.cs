using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>Stands before a ledger and passes on what it answers, changed as somebody would who owns the way to it.</summary>
internal sealed class LyingLedger : IAsyncDisposable
{
    private readonly WebApplication app;

    private LyingLedger(WebApplication app) => this.app = app;

    public string Address => app.Urls.Single();

    /// <param name="lie">Makes of a path and its answer another answer.</param>
    public static async Task<LyingLedger> BeforeAsync(InProcessServer server, Func<string, byte[], byte[]> lie)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapFallback("{**path}", async context =>
        {
            var path = context.Request.Path + context.Request.QueryString.Value;
            using var answer = await server.GetAsync(path, context.Request.Headers.Authorization.ToString()["Bearer ".Length..]);
            var body = await answer.Content.ReadAsByteArrayAsync();
            context.Response.StatusCode = (int)answer.StatusCode;
            await context.Response.Body.WriteAsync(answer.IsSuccessStatusCode ? lie(path, body) : body);
        });
        await app.StartAsync();
        return new LyingLedger(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();
}
