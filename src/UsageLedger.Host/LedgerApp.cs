using Npgsql;
using Serilog;
using UsageLedger.Access;
using UsageLedger.Anomalies;
using UsageLedger.Answering;
using UsageLedger.Attributing;
using UsageLedger.Auditing;
using UsageLedger.Clients;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Credentials;
using UsageLedger.Cycles;
using UsageLedger.Explaining;
using UsageLedger.Exporting;
using UsageLedger.Host.Health;
using UsageLedger.Host.OpenApi;
using UsageLedger.Host.Telemetry;
using UsageLedger.Inbox;
using UsageLedger.Receiving;
using UsageLedger.Reconciling;
using UsageLedger.Recording;
using UsageLedger.Replaying;
using UsageLedger.Reporting;

namespace UsageLedger.Host;

/// <summary>The HTTP server, whole: the same for <c>serve</c>, for the demo and for tests.</summary>
public static class LedgerApp
{
    private const int ConnectionsMax = 1_000;
    private static readonly TimeSpan HeadersWithin = TimeSpan.FromSeconds(15);

    /// <summary>With the last head and the private PostgreSQL's end it fits the minute that the operating page gives a service.</summary>
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(20);

    // Settings are read once. Watched for changes, the whole working directory would be, with every file that PostgreSQL writes in it.
    private static readonly string[] WithoutWatching = ["--hostBuilder:reloadConfigOnChange=false"];

    /// <summary>Builds the server on a migrated database; the caller runs it, and disposes the database afterwards.</summary>
    /// <param name="instead">Puts other parts in the place of the usual ones.</param>
    public static WebApplication Build(
        LedgerSettings settings, NpgsqlDataSource database, Serilog.ILogger log, Action<IServiceCollection>? instead = null)
    {
        var builder = WebApplication.CreateSlimBuilder(WithoutWatching);
        builder.Logging.ClearProviders().AddSerilog(log);
        builder.WebHost.UseUrls(settings.Urls);
        builder.WebHost.ConfigureKestrel(server =>
        {
            server.AddServerHeader = false;
            server.Limits.MaxConcurrentConnections = ConnectionsMax;
            server.Limits.RequestHeadersTimeout = HeadersWithin;
        });
        builder.Services
            .Configure<HostOptions>(host => host.ShutdownTimeout = StopWithin)
            .AddLedger(settings, database)
            .AddAccess()
            .AddAnswering(settings.RequestsPerSecond is { } rate ? new RateLimit(rate, settings.Burst ?? rate) : null)
            .AddLedgerOpenApi()
            .AddAuditing()
            .AddSingleton<Readiness>()
            .AddSingleton<ProofReadiness>()
            .AddSingleton<WriteProbe>()
            .AddHostedService<ProjectionService>()
            .AddHostedService<CheckpointService>()
            .AddInboxWorkers()
            .AddCollectionSchedule()
            .AddRollUps()
            .AddHostedService<ReattributionService>()
            .AddAnomalyWatch()
            .AddTelemetry(settings.TelemetryEndpoint);
        instead?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseAnswering();
        Map(app);
        return app;
    }

    private static void Map(WebApplication app)
    {
        app.MapLedgerOpenApi();
        app.MapHealth();
        app.MapRecording();
        app.MapAuditing();
        app.MapClients();
        app.MapCycles();
        app.MapCycleAudit();
        app.MapExplain();
        app.MapExport();
        app.MapUsageReport();
        app.MapAnomalies();
        app.MapInbox();
        app.MapSources();
        app.MapCredentials();
        app.MapMappings();
        app.MapUnattributed();
        app.MapCollections();
        app.MapCoverage();
        app.MapWebhooks();
        app.MapReconciling();
    }
}
