using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Serilog.Core;
using UsageLedger.Access;
using UsageLedger.EventLog.Projecting;
using UsageLedger.Host;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using LedgerDatabase = UsageLedger.IntegrationSpecs.Cluster.LedgerDatabase;
using WorldPlan = UsageLedger.Simulators.World.WorldPlan;

namespace UsageLedger.IntegrationSpecs.Coverage;

/// <summary>A whole server that collects from simulated vendors; the clocks of all stand until a spec moves them.</summary>
internal sealed class CoveredLedger : IAsyncDisposable
{
    public const string Tenant = "acme";
    public static readonly Instant From = Instant.FromUtc(2026, 10, 1, 0, 0);

    private readonly LedgerDatabase database;
    private readonly WebApplication host;
    private readonly SpecClock clock;
    private readonly HttpClient client;

    private CoveredLedger(LedgerDatabase database, WebApplication host, SpecClock clock, SimServer vendors, string dataDir)
    {
        (this.database, this.host, this.clock, Vendors) = (database, host, clock, vendors);
        Program = new LedgerProgram(database.ConnectionString, dataDir);
        client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
    }

    public SimServer Vendors { get; }

    public Caller Caller { get; private set; } = null!;

    /// <summary>The executable beside the server; its clock is that on the wall.</summary>
    public LedgerProgram Program { get; }

    public Npgsql.NpgsqlDataSource Database => database.DataSource;

    public Instant Now => clock.Now;

    /// <summary>So many days of all vendors.</summary>
    /// <param name="instead">Puts other parts of the host in the place of the usual ones.</param>
    public static Task<CoveredLedger> StartAsync(long seed, int days, Action<IServiceCollection>? instead = null) => StartAsync(
        new WorldPlan(seed, From, From + Duration.FromDays(days)) { Calls = 100 * days, Messages = 100 * days, TwilioCalls = 30 * days, Generations = 60 * days }, SimFaults.None, instead);

    public static async Task<CoveredLedger> StartAsync(WorldPlan plan, SimFaults faults, Action<IServiceCollection>? instead = null)
    {
        var database = await LedgerCluster.CreateLedgerAsync();
        var (clock, dataDir) = (new SpecClock { Now = From }, SpecFolders.Next());
        var settings = new LedgerSettings
        {
            DataDir = dataDir, MasterKeyFile = Path.Combine(dataDir, "master.key"), SigningKeyFile = Path.Combine(dataDir, "signing.key"),
            Urls = "http://127.0.0.1:0", AllowLoopbackSources = true,
        };
        var host = LedgerApp.Build(settings, database.DataSource, Logger.None, services =>
        {
            services.AddSingleton<IClock>(clock).AddSingleton(new InboxOptions { PollEvery = TimeSpan.FromMilliseconds(50) });
            instead?.Invoke(services);
        });
        await host.StartAsync();
        var vendors = await SimServer.StartAsync(new SimOptions(plan, clock) { Faults = faults, DeliversByItself = false });
        var ledger = new CoveredLedger(database, host, clock, vendors, dataDir);
        var made = await CreateKeyHandler.Handle(new CreateKey(Tenant, ["admin"]), database.DataSource, clock, default);
        ledger.Caller = new Caller(ledger.client, Tenant, made.Created!.Secret);
        return ledger;
    }

    public T Get<T>()
        where T : notnull => host.Services.GetRequiredService<T>();

    /// <summary>Configures a source of this provider under its name, and maps its usage to the world's clients.</summary>
    /// <param name="without">The id of a mapping that is left out.</param>
    public async Task ConfigureAsync(string provider, string? schedule = null, string? without = null)
    {
        await PutAsync($"/v1/sources/{provider}", new { Provider = provider, BaseUrl = new Uri(Vendors.Http.BaseAddress!, "/" + provider).AbsoluteUri, Schedule = schedule, LookBack = "PT1H" });
        var account = Vendors.Directory.TwilioAccounts[0];
        await PutAsync($"/v1/sources/{provider}/credentials", new
        {
            Values = provider switch
            {
                "retell" => new Dictionary<string, string> { ["apiKey"] = Vendors.Directory.RetellApiKey },
                "twilio" => new() { ["accountSid"] = account.Sid, ["authToken"] = account.AuthToken },
                _ => new() { ["managementKey"] = Vendors.Directory.OpenRouterManagementKey, ["webhookSecret"] = Vendors.Directory.OpenRouterWebhookSecret },
            },
        });
        foreach (var mapping in TrueMappings.Of(Vendors.World).Where(mapping => mapping.Provider == provider && mapping.Id != without))
        {
            await MapAsync(mapping);
        }
    }

    public Task MapAsync(TruthMapping mapping) => PutAsync(
        $"/v1/mappings/{mapping.Id}", new { mapping.Provider, mapping.Key, mapping.ClientId, mapping.AgentId, mapping.ValidFrom, mapping.ValidTo });

    /// <summary>This many hours into the world; the provider's webhooks since then arrive, or are all lost.</summary>
    public async Task WakeAsync(int hours, string provider, bool lost = false)
    {
        Wake(Duration.FromHours(hours));
        var url = lost ? new Uri("http://127.0.0.1:1/") : WebhooksOf(provider);
        Vendors.Simulation.Webhooks.Targets = [new(provider, url, provider == "twilio" ? Vendors.Directory.TwilioAccounts[0].Sid : null)];
        await Vendors.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        await SettledAsync();
    }

    /// <summary>Sets all clocks so far into the world.</summary>
    public void Wake(Duration after) => Vendors.Simulation.Clock.Set(clock.Now = From + after);

    /// <summary>Where a provider's webhooks go.</summary>
    public Uri WebhooksOf(string source) => new(client.BaseAddress!, $"/v1/webhooks/{Tenant}/{source}");

    public Task StopAsync() => host.StopAsync();

    /// <summary>The clock on the wall, by which the executable works: what it put into the inbox is due, and done.</summary>
    public async Task ReachTodayAsync()
    {
        Vendors.Simulation.Clock.Set(clock.Now = SystemClock.Instance.GetCurrentInstant());
        await SettledAsync();
    }

    /// <summary>Collects a window, in hours of the world.</summary>
    public async Task CollectAsync(string source, int from, int to)
    {
        var asked = await Caller.PostAsync("/v1/collections", $$"""{"sourceId":"{{source}}","from":"{{Time(from)}}","to":"{{Time(to)}}"}""");
        asked.Status.ShouldBe(202, asked.Text);
        await SettledAsync();
    }

    public async Task AskAsync(string source, string from, string to)
    {
        var asked = await Caller.PostAsync("/v1/coverage/totals", $$"""{"sourceId":"{{source}}","from":"{{from}}","to":"{{to}}"}""");
        asked.Status.ShouldBe(202, asked.Text);
        await SettledAsync();
    }

    public async Task<JsonElement> CoverageAsync(string source, int from, int to)
    {
        var reply = await Caller.GetAsync($"/v1/coverage?sourceId={source}&from={Time(from)}&to={Time(to)}");
        reply.Status.ShouldBe(200, reply.Text);
        return JsonDocument.Parse(reply.Text).RootElement.GetProperty("items")[0];
    }

    /// <summary>All that is in the inbox is done, and all of the log is in the read models.</summary>
    public async Task SettledAsync()
    {
        await SpecLog.UntilAsync(async () => await AskAsync<long>("select count(*) from ledger.inbox_items where status <> 'done'") == 0, "the inbox is empty");
        await SpecLog.UntilAsync(
            async () => await AskAsync<bool>("select min(p.position) >= min(h.position) from ledger.projections p cross join ledger.log_head h"), "the read models hold all");
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = database.DataSource.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task ShouldRebuildAsync(IProjection projection)
    {
        var outcome = await new ProjectionRebuild(database.DataSource, new ProjectionOptions()).RunAsync(projection, true, null, default);
        outcome.Differences.ShouldBe(0, string.Join('\n', outcome.Examples));
    }

    public static string Time(int hours) => Rfc3339Text(From + Duration.FromHours(hours));

    public async Task PutAsync(string path, object body)
    {
        using var content = JsonContent.Create(body);
        var reply = await Caller.SendAsync(HttpMethod.Put, path, content);
        reply.Status.ShouldBeInRange(200, 201, reply.Text);
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.StopAsync();
        await host.DisposeAsync();
        await Vendors.DisposeAsync();
        await database.DisposeAsync();
    }

    private static string Rfc3339Text(Instant at) => NodaTime.Text.InstantPattern.ExtendedIso.Format(at);
}
