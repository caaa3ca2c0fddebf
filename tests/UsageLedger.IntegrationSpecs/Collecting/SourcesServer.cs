using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using NodaTime;
using UsageLedger.Access;
using UsageLedger.Answering;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Sources;
using UsageLedger.Credentials;
using UsageLedger.EventLog;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Cycles;
using UsageLedger.Recording;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Sources, credentials and mappings behind a real server, on books with a clock of their own.</summary>
internal sealed class SourcesServer : IAsyncDisposable
{
    public const string Configuration = """{"provider":"spec","baseUrl":"https://api.spec.example","schedule":"*/15 * * * *","lookBack":"P1D","settings":{}}""";

    private readonly WebApplication app;
    private readonly BooksCaller caller;
    private readonly StringBuilder answers = new();

    private SourcesServer(Books books, WebApplication app, SpecLines lines)
    {
        (Books, this.app, Lines) = (books, app, lines);
        caller = new BooksCaller(books, app.Urls.Single());
    }

    /// <summary>What <see cref="Configuration"/> configures, perhaps moved to another address.</summary>
    public static Source Configured(string tenant = Books.Tenant, string id = "main", string baseUrl = "https://api.spec.example") =>
        new(tenant, id, "spec", new Uri(baseUrl), null, Duration.FromDays(1), new Dictionary<string, string>());

    public Books Books { get; }

    public SpecLines Lines { get; }

    /// <summary>Every body and header that was answered.</summary>
    public string Answers => answers.ToString();

    public static async Task<SourcesServer> StartAsync(bool reattributes = false, string? masterKeyFile = null)
    {
        var (books, lines) = (await Books.OpenAsync(), new SpecLines());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders().AddProvider(lines).SetMinimumLevel(LogLevel.Trace);
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services
            .AddSingleton(books.Log.Database).AddSingleton<IClock>(books.Log.Clock).AddSingleton(books.Appender).AddSingleton(books.Models)
            .AddSingleton(books.Log.Reader).AddSingleton<LogSignal>()
            .AddAccess().AddAnswering().AddAttributing()
            .AddSingleton<VendorClients>().AddCollecting(made => made.GetRequiredService<VendorClients>().For).AddSources(new SourceAddresses(AllowLoopback: false), new ProviderCatalogue([SpecVendor.Provider]))
            .AddCredentials(masterKeyFile ?? Path.Combine(SpecFolders.Next(), "master.key"));
        if (reattributes)
        {
            builder.Services.AddHostedService<ReattributionService>();
        }

        var app = builder.Build();
        app.UseAnswering();
        app.MapRecording();
        app.MapSources();
        app.MapCredentials();
        app.MapMappings();
        app.MapUnattributed();
        await app.StartAsync();
        return new SourcesServer(books, app, lines);
    }

    public T Get<T>()
        where T : notnull => app.Services.GetRequiredService<T>();

    /// <summary>Asks as a tenant whose key has the scope.</summary>
    public async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? body = null, string scope = "admin", string tenant = Books.Tenant)
    {
        var answer = await caller.SendAsync(method, path, body, scope, tenant);
        answers.Append(answer.Headers).AppendLine(await answer.Content.ReadAsStringAsync());
        return answer;
    }

    public async Task<JsonElement> PutAsync(string path, string body, HttpStatusCode status = HttpStatusCode.OK, string tenant = Books.Tenant) =>
        await BooksCaller.ReadAsync(await SendAsync(HttpMethod.Put, path, body, tenant: tenant), status);

    public async Task<JsonElement> GetAsync(string path, HttpStatusCode status = HttpStatusCode.OK, string tenant = Books.Tenant) =>
        await BooksCaller.ReadAsync(await SendAsync(HttpMethod.Get, path, scope: "query", tenant: tenant), status);

    /// <summary>A source of the spec's vendor.</summary>
    public Task<JsonElement> ConfigureAsync(string id = "main", string tenant = Books.Tenant) =>
        PutAsync($"/v1/sources/{id}", Configuration, HttpStatusCode.Created, tenant);

    public async ValueTask DisposeAsync()
    {
        caller.Dispose();
        await app.DisposeAsync();
        await Books.DisposeAsync();
    }
}
