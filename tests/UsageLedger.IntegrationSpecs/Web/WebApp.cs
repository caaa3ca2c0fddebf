using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Host.OpenApi;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>A small real server with the ledger's doors and whatever routes a spec needs behind them.</summary>
internal sealed class WebApp : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebApp(LedgerDatabase database, WebApplication app)
    {
        (Database, _app) = (database, app);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public LedgerDatabase Database { get; }

    public HttpClient Client { get; }

    public static async Task<WebApp> StartAsync(
        Action<WebApplication> routes, RateLimit? perKey = null, Action<ILoggingBuilder>? logging = null)
    {
        var database = await LedgerCluster.CreateLedgerAsync();
        var app = Build(database, routes, perKey, logging);
        await app.StartAsync();
        return new WebApp(database, app);
    }

    /// <summary>A key of the tenant, as it is sent.</summary>
    public async Task<string> KeyAsync(string tenant, params string[] scopes) => (await NewKeyAsync(tenant, scopes)).Secret;

    public async Task<KeyCreated> NewKeyAsync(string tenant, params string[] scopes) =>
        (await CreateKeyHandler.Handle(new CreateKey(tenant, scopes), Database.DataSource, SystemClock.Instance, CancellationToken.None)).Created!;

    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key, HttpContent? content = null, params (string Name, string Value)[] headers) =>
        SendAsync(method, path, key, content, CancellationToken.None, headers);

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? key, HttpContent? content, CancellationToken ct, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = key is null ? null : new AuthenticationHeaderValue("Bearer", key);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await Client.SendAsync(request, ct);
    }

    public Task<HttpResponseMessage> GetAsync(string path, string? key) => SendAsync(HttpMethod.Get, path, key);

    /// <summary>Stops the server as a host stops, and keeps the database.</summary>
    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
    }

    private static WebApplication Build(
        LedgerDatabase database, Action<WebApplication> routes, RateLimit? perKey, Action<ILoggingBuilder>? logging)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        logging?.Invoke(builder.Logging);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddSingleton(database.DataSource).AddSingleton<IClock>(SystemClock.Instance).AddAccess().AddAnswering(perKey).AddLedgerOpenApi();
        var app = builder.Build();
        app.UseAnswering();
        app.MapLedgerOpenApi();
        routes(app);
        return app;
    }
}
