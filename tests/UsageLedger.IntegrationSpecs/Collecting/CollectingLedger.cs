using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using NodaTime;
using Npgsql;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using UsageLedger.Access;
using UsageLedger.Anomalies;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Scheduling;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Credentials;
using UsageLedger.EventLog.Appending;
using UsageLedger.Host;
using UsageLedger.Inbox;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Collecting.FourthVendor;
using UsageLedger.IntegrationSpecs.EventLog;
using UsageLedger.IntegrationSpecs.Running;
using LedgerDatabase = UsageLedger.IntegrationSpecs.Cluster.LedgerDatabase;

namespace UsageLedger.IntegrationSpecs.Collecting;

/// <summary>Whole servers on one database, each with sessions of its own, which collect from a vendor that a spec directs.</summary>
internal sealed class CollectingLedger : IAsyncDisposable
{
    public const string Tenant = "acme";
    public const string SourceId = "fax-main";
    public const string Secret = "s3cret-of-the-bureau";

    private readonly LedgerDatabase database;
    private readonly string dataDir = SpecFolders.Next();
    private readonly List<WebApplication> hosts = [];
    private readonly List<NpgsqlDataSource> pools = [];
    private readonly List<HttpClient> clients = [];
    private readonly LoggedErrors errors = new();

    private CollectingLedger(LedgerDatabase database) => this.database = database;

    public FaxBureau Bureau { get; } = new();

    /// <summary>What any host logged as an error.</summary>
    public IReadOnlyCollection<string> Errors => errors.Lines;

    public SpecClock Clock { get; } = new();

    /// <summary>Of hosts built from now on.</summary>
    public SchedulePace Pace { get; set; } = SchedulePace.Default;

    /// <summary>Of hosts built from now on.</summary>
    public RollUpPace RollUps { get; set; } = RollUpPace.Default;

    /// <summary>Of hosts built from now on.</summary>
    public WatchPace Watch { get; set; } = WatchPace.Default;

    /// <summary>Of hosts built from now on.</summary>
    public ILogger Log { get; set; } = Logger.None;

    public NpgsqlDataSource Database => database.DataSource;

    public string ConnectionString => database.ConnectionString;

    /// <summary>A ledger with a source, its credentials, and one host that is built and not started.</summary>
    public static async Task<CollectingLedger> OpenAsync(string? schedule = null, string? webhookUrl = null)
    {
        var ledger = new CollectingLedger(await LedgerCluster.CreateLedgerAsync());
        ledger.Build();
        await ledger.ConfigureAsync(Tenant, SourceId, schedule, webhookUrl);
        return ledger;
    }

    public T Get<T>(int host = 0)
        where T : notnull => hosts[host].Services.GetRequiredService<T>();

    /// <summary>Another host, not started.</summary>
    /// <param name="keysDir">Where it has its keys; null: where the first host has.</param>
    public void Build(IClock? clock = null, InboxOptions? options = null, string? keysDir = null)
    {
        var dir = keysDir ?? dataDir;
        var settings = new LedgerSettings
        {
            DataDir = dir,
            MasterKeyFile = Path.Combine(dir, "master.key"),
            SigningKeyFile = Path.Combine(dir, "signing.key"),
            Urls = "http://127.0.0.1:0",
        };
        var log = new LoggerConfiguration().WriteTo.Sink(errors, LogEventLevel.Error).WriteTo.Logger(Log).CreateLogger();
        var pool = database.OpenPool();
        pools.Add(pool);
        hosts.Add(LedgerApp.Build(settings, pool, log, services => services
            .AddSingleton(clock ?? Clock)
            .AddSingleton(options ?? new InboxOptions { PollEvery = TimeSpan.FromMilliseconds(50), Lease = TimeSpan.FromSeconds(2) })
            .AddSingleton(Pace)
            .AddSingleton(RollUps)
            .AddSingleton(Watch)
            .AddSingleton(new ProviderCatalogue([new Provider("fax-bureau", new FaxCollector(Bureau), new FaxWebhooks(Bureau))]))));
    }

    public async Task StartAsync() => await Task.WhenAll(hosts.Select(host => host.StartAsync()));

    public Task StartAsync(int host) => hosts[host].StartAsync();

    public Task StopAsync(int host) => hosts[host].StopAsync();

    public async Task StopAsync() => await Task.WhenAll(hosts.Select(host => host.StopAsync()));

    public async Task<Caller> CallerAsync(string tenant = Tenant, params string[] scopes) => Caller(tenant, await KeyAsync(tenant, scopes));

    /// <summary>Nobody may come into the database, and whoever is in it is out.</summary>
    public async Task ShutAsync() => await AdministerAsync(
        $"alter database {database.Name} allow_connections false", $"select pg_terminate_backend(pid) from pg_stat_activity where datname = '{database.Name}'");

    public async Task ReopenAsync()
    {
        await AdministerAsync($"alter database {database.Name} allow_connections true");
        Database.Clear();
    }

    public async Task<string> KeyAsync(string tenant = Tenant, params string[] scopes) =>
        (await CreateKeyHandler.Handle(new CreateKey(tenant, scopes.Length > 0 ? scopes : ["admin"]), Database, Clock, default)).Created!.Secret;

    public Caller Caller(string tenant = Tenant, string? key = null, int host = 0)
    {
        var client = new HttpClient { BaseAddress = new Uri(hosts[host].Urls.Single()) };
        clients.Add(client);
        return new Caller(client, tenant, key);
    }

    public async Task ConfigureAsync(string tenant, string sourceId, string? schedule = null, string? webhookUrl = null)
    {
        var settings = webhookUrl is null ? [] : new Dictionary<string, string> { [SourceSettings.WebhookUrl] = webhookUrl };
        var source = new Source(tenant, sourceId, "fax-bureau", new Uri("https://fax.example"), schedule, Duration.FromHours(1), settings);
        await AppendAsync(tenant, new NewEvent(Guid.NewGuid(), StreamNames.OfSource(sourceId), EventTypes.SourceConfigured, new SourceConfigured(source).ToCanonical()));
        var credential = SealedCredential.Seal(
            Guid.NewGuid(), tenant, sourceId, new Dictionary<string, string> { ["secret"] = Secret }, Get<MasterKeys>().Current());
        await CredentialRows.AddAsync(Database, credential, 0, Clock.Now, default);
        await AppendAsync(tenant, CredentialEvents.Set(credential, 0));
    }

    public Task AppendAsync(string tenant, NewEvent added) =>
        Get<LogAppender>().AppendAsync(new AppendRequest(tenant, "spec", [new AppendItem(added.Id, added)]), default);

    /// <summary>A run that was made then, over nothing unless from is given, and none since.</summary>
    public async Task CompletedAsync(Instant at, string tenant = Tenant, string sourceId = SourceId, Instant? from = null)
    {
        var run = new RunPlace(tenant, sourceId, Guid.NewGuid(), at);
        var state = RunState.Asked(from, null).Started(at, Duration.Zero, at);
        await AppendAsync(tenant, RunEvents.Started(run, state));
        await AppendAsync(tenant, RunEvents.Completed(run, state));
    }

    public Task<List<string>> RowsAsync(string sql) => Database.RowsAsync(sql);

    /// <summary>The usage there is: key, cost and stream, as last told.</summary>
    public Task<List<string>> UsageAsync() => RowsAsync("""
        select distinct on (coalesce(s.subject, e.id)) (coalesce(e.data -> 'current', e.data) ->> 'idempotencyKey') || ' '
            || coalesce(coalesce(e.data -> 'current', e.data) ->> 'cost', '-') || ' ' || e.type
        from ledger.mt_events e left join ledger.log_subjects s on s.seq_id = e.seq_id
        where e.type like 'usage%' order by coalesce(s.subject, e.id), e.seq_id desc
        """);

    public Task UntilAsync(string sql, string expected, string what) =>
        SpecLog.UntilAsync(async () => string.Join(',', await RowsAsync(sql)) == expected, what);

    private static async Task AdministerAsync(params string[] statements)
    {
        await using var administrator = await LedgerCluster.OpenAdministratorAsync("postgres");
        foreach (var statement in statements)
        {
            await using var command = new NpgsqlCommand(statement, administrator);
            await command.ExecuteNonQueryAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        clients.ForEach(client => client.Dispose());
        foreach (var host in hosts)
        {
            await host.DisposeAsync();
        }

        foreach (var pool in pools)
        {
            await pool.DisposeAsync();
        }

        await database.DisposeAsync();
    }
}
