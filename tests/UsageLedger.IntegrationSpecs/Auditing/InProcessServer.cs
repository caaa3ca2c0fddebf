using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using NodaTime;
using Serilog.Core;
using UsageLedger.Access;
using UsageLedger.EventLog;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>The whole server on a loopback port of its own, over a database of its own.</summary>
internal sealed class InProcessServer : IAsyncDisposable
{
    private readonly Cluster.LedgerDatabase? _home;
    private readonly WebApplication _app;

    private InProcessServer(Cluster.LedgerDatabase? home, Npgsql.NpgsqlDataSource database, LedgerSettings settings, WebApplication app)
    {
        (_home, Database, Settings, _app) = (home, database, settings, app);
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
    }

    public Npgsql.NpgsqlDataSource Database { get; }

    public LedgerSettings Settings { get; }

    public HttpClient Client { get; }

    public IServiceProvider Services => _app.Services;

    public static async Task<InProcessServer> StartAsync()
    {
        var home = await LedgerCluster.CreateLedgerAsync();
        var database = LogDatabase.Open(home.ConnectionString, "server");
        return await StartAsync(home, database);
    }

    /// <summary>Another host over the same database, with a data directory and a signing key of its own.</summary>
    public Task<InProcessServer> StartBesideAsync() => StartAsync(null, LogDatabase.Open(_home!.ConnectionString, "beside"));

    private static async Task<InProcessServer> StartAsync(Cluster.LedgerDatabase? home, Npgsql.NpgsqlDataSource database)
    {
        var folder = SpecFolders.Next();
        var settings = new LedgerSettings
        {
            DataDir = folder,
            MasterKeyFile = Path.Combine(folder, "master.key"),
            SigningKeyFile = Path.Combine(folder, "signing.key"),
            Origin = "ledger.example/log",
            Urls = "http://127.0.0.1:0",
        };
        var app = LedgerApp.Build(settings, database, Logger.None);
        await app.StartAsync();
        return new InProcessServer(home, database, settings, app);
    }

    public async Task<string> KeyAsync(string tenant, params string[] scopes) =>
        (await CreateKeyHandler.Handle(new CreateKey(tenant, scopes), Database, SystemClock.Instance, default)).Created!.Secret;

    public async Task<HttpResponseMessage> GetAsync(string path, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        return await Client.SendAsync(request);
    }

    /// <summary>The body of a 200.</summary>
    public async Task<string> TextAsync(string path, string key)
    {
        using var answer = await GetAsync(path, key);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return text;
    }

    public async Task<byte[]> BytesAsync(string path, string key)
    {
        using var answer = await GetAsync(path, key);
        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await answer.Content.ReadAsByteArrayAsync();
    }

    public async Task<JsonElement> JsonAsync(string path, string key) => JsonSerializer.Deserialize<JsonElement>(await TextAsync(path, key));

    /// <summary>Records usage given as JSON, and answers the position.</summary>
    public async Task<JsonElement> PostAsync(string path, string key, string json, string? correlation = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        if (correlation is not null)
            request.Headers.Add("X-Correlation-Id", correlation);
        using var answer = await Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonSerializer.Deserialize<JsonElement>(text);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        await Database.DisposeAsync();
        if (_home is not null)
            await _home.DisposeAsync();
    }
}
