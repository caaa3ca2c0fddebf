using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Clients;
using UsageLedger.Cycles;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Proof;
using UsageLedger.Explaining;
using UsageLedger.Exporting;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.Recording;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.IntegrationSpecs.Cycles;

/// <summary>Books behind a real server, by their own clock.</summary>
internal sealed class BooksServer : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly BooksCaller caller;

    private BooksServer(Books books, WebApplication app)
    {
        (Books, this.app) = (books, app);
        caller = new BooksCaller(books, app.Urls.Single());
    }

    public Books Books { get; }

    public static async Task<BooksServer> StartAsync(string now = "2026-10-05T12:00:00Z")
    {
        var books = await Books.OpenAsync(now);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton(books.Log.Database).AddSingleton<IClock>(books.Log.Clock).AddSingleton(books.Appender)
            .AddSingleton(books.Models).AddSingleton(books.Log.Reader).AddSingleton(Signer(books)).AddAccess().AddAnswering();
        var app = builder.Build();
        app.UseAnswering();
        app.MapRecording();
        app.MapClients();
        app.MapCycles();
        app.MapCycleAudit();
        app.MapExplain();
        app.MapExport();
        app.MapUsageReport();
        await app.Services.GetRequiredService<CheckpointSigner>().IntroduceAsync(default);
        await app.StartAsync();
        return new BooksServer(books, app);
    }

    /// <summary>Asks as a tenant whose key has the scope.</summary>
    public Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? body = null, string scope = "admin", string tenant = Books.Tenant) => caller.SendAsync(method, path, body, scope, tenant);

    public Task<HttpResponseMessage> PutAsync(string path, string body, string scope = "admin", string tenant = Books.Tenant) =>
        SendAsync(HttpMethod.Put, path, body, scope, tenant);

    /// <summary>The answer's body, when the answer has the status.</summary>
    public async Task<JsonElement> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK, string tenant = Books.Tenant) =>
        await BooksCaller.ReadAsync(await SendAsync(HttpMethod.Get, path, scope: "query", tenant: tenant), status);

    /// <summary>What the only route whose pattern ends so says of itself.</summary>
    public T MetadataOf<T>(string end)
        where T : class =>
        ((IEndpointRouteBuilder)app).DataSources.SelectMany(source => source.Endpoints).OfType<RouteEndpoint>()
            .Single(route => route.RoutePattern.RawText!.EndsWith(end, StringComparison.Ordinal)).Metadata.GetRequiredMetadata<T>();

    private static CheckpointSigner Signer(Books books)
    {
        var folder = SpecFolders.Next();
        var key = SigningKey.OpenOrCreate(Path.Combine(folder, "signing.key"), MasterKeyFile.OpenOrCreate(Path.Combine(folder, "master.key")));
        return new CheckpointSigner(
            books.Log.Reader, new LogTiles(books.Log.Database), new CheckpointStore(books.Log.Database), key, books.Log.Clock, "ledger.example/log", new KeptHeads(folder));
    }

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await app.DisposeAsync();
        await Books.DisposeAsync();
    }
}
