using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Serilog.Core;
using UsageLedger.Access;
using UsageLedger.EventLog;
using UsageLedger.Host;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Simulators;
using UsageLedger.Simulators;
using UsageLedger.Simulators.Faults;
using UsageLedger.Simulators.Truth;
using Caller = UsageLedger.IntegrationSpecs.Running.Caller;
using LedgerDatabase = UsageLedger.IntegrationSpecs.Cluster.LedgerDatabase;
using WorldPlan = UsageLedger.Simulators.World.WorldPlan;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>A whole server that collects from a simulated OpenRouter; the clocks of both stand until a spec moves them.</summary>
internal sealed class OpenRouterLedger : IAsyncDisposable
{
    public const string Tenant = "acme";
    public const string SourceId = "openrouter-main";
    public static readonly Instant From = Instant.FromUtc(2026, 10, 1, 0, 0);

    private readonly LedgerDatabase database;
    private readonly WebApplication host;
    private readonly SpecClock clock;
    private readonly HttpClient client;

    private OpenRouterLedger(LedgerDatabase database, WebApplication host, SpecClock clock, SimServer vendor, string dataDir)
    {
        (this.database, this.host, this.clock, Vendor, DataDir) = (database, host, clock, vendor, dataDir);
        client = new HttpClient { BaseAddress = new Uri(host.Urls.Single()) };
    }

    public SimServer Vendor { get; }

    public NpgsqlDataSource Database => database.DataSource;

    public string ConnectionString => database.ConnectionString;

    public string DataDir { get; }

    public Caller Caller { get; private set; } = null!;

    public static async Task<OpenRouterLedger> StartAsync(long seed, int days, int generations, SimFaults faults)
    {
        var database = await LedgerCluster.CreateDatabaseAsync();
        await LogSchema.MigrateAsync(database.DataSource, [typeof(AccessSetup).Assembly], CancellationToken.None);
        var (clock, dataDir) = (new SpecClock { Now = From }, SpecFolders.Next());
        var settings = new LedgerSettings
        {
            DataDir = dataDir, MasterKeyFile = Path.Combine(dataDir, "master.key"), SigningKeyFile = Path.Combine(dataDir, "signing.key"),
            Urls = "http://127.0.0.1:0", AllowLoopbackSources = true,
        };
        var host = LedgerApp.Build(settings, database.DataSource, Logger.None, services => services
            .AddSingleton<IClock>(clock)
            .AddSingleton(new InboxOptions { PollEvery = TimeSpan.FromMilliseconds(50) }));
        await host.StartAsync();
        var plan = new WorldPlan(seed, From, From + Duration.FromDays(days)) { Calls = 0, Messages = 0, TwilioCalls = 0, Generations = generations };
        var vendor = await SimServer.StartAsync(new SimOptions(plan, SystemClock.Instance) { Faults = faults, DeliversByItself = false });
        var ledger = new OpenRouterLedger(database, host, clock, vendor, dataDir);
        await ledger.ConfigureAsync();
        return ledger;
    }

    /// <summary>Half an hour into this day of the world, counted from 0.</summary>
    public void Wake(int day) => Vendor.Simulation.Clock.Set(clock.Now = From + Duration.FromDays(day) + Duration.FromMinutes(30));

    /// <summary>OpenRouter broadcasts what is due, and all that follows from it is done.</summary>
    public async Task BroadcastAsync()
    {
        await Vendor.Simulation.Webhooks.DeliverAsync(CancellationToken.None);
        await SpecLog.UntilAsync(async () => (await RowsAsync("select count(*) from ledger.inbox_items where status <> 'done'")).Single() == "0", "the inbox is empty");
    }

    public async Task CollectAsync()
    {
        var asked = await Caller.PostAsync("/v1/collections", $$"""{"sourceId":"{{SourceId}}"}""");
        asked.Status.ShouldBe(202, asked.Text);
        var run = "";
        await SpecLog.UntilAsync(async () =>
        {
            run = (await Caller.GetAsync(asked.Header("Location"))).Text;
            return run.Contains("\"endedAt\":\"", StringComparison.Ordinal);
        }, "the run has ended");
        run.ShouldContain("\"status\":\"completed\"");
        run.ShouldContain("\"rejected\":0");
    }

    /// <summary>What broadcasts name the keys by claims their usage.</summary>
    public async Task MapKeysAsync()
    {
        foreach (var mapping in TrueMappings.Of(Vendor.World).Where(mapping => mapping.Id.StartsWith("openrouter-name", StringComparison.Ordinal)))
        {
            await PutAsync($"/v1/mappings/{mapping.Id}", new { mapping.Provider, mapping.Key, mapping.ClientId, mapping.AgentId });
        }
    }

    public Task UntilSummedAsync() => SpecLog.UntilAsync(
        async () => (await RowsAsync("select p.position = h.position from ledger.projections p cross join ledger.log_head h where p.name = 'captured_usage'")).Single() == "True",
        "captured usage is summed up");

    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(reader.IsDBNull(0) ? "null" : FormattableString.Invariant($"{reader.GetValue(0)}"));
        return rows;
    }

    public Task StopAsync() => host.StopAsync();

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await host.StopAsync();
        await host.DisposeAsync();
        await Vendor.DisposeAsync();
        await database.DisposeAsync();
    }

    private async Task ConfigureAsync()
    {
        var made = await CreateKeyHandler.Handle(new CreateKey(Tenant, ["admin"]), Database, clock, default);
        Caller = new Caller(client, Tenant, made.Created!.Secret);
        await PutAsync($"/v1/sources/{SourceId}", new { Provider = "openrouter", BaseUrl = new Uri(Vendor.Http.BaseAddress!, "/openrouter").AbsoluteUri });
        await PutAsync($"/v1/sources/{SourceId}/credentials", new
        {
            Values = new { managementKey = Vendor.Directory.OpenRouterManagementKey, webhookSecret = Vendor.Directory.OpenRouterWebhookSecret },
        });
        Vendor.Simulation.Webhooks.Targets = [new("openrouter", new Uri(client.BaseAddress!, $"/v1/webhooks/{Tenant}/{SourceId}"))];
    }

    private async Task PutAsync(string path, object body)
    {
        using var content = JsonContent.Create(body);
        var reply = await Caller.SendAsync(HttpMethod.Put, path, content);
        reply.Status.ShouldBeInRange(200, 201, reply.Text);
    }
}
