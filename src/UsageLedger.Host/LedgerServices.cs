using NodaTime;
using Npgsql;
using UsageLedger.Anomalies;
using UsageLedger.Attributing;
using UsageLedger.Collecting;
using UsageLedger.Collecting.Runs;
using UsageLedger.Collecting.Sources;
using UsageLedger.Coverage;
using UsageLedger.Credentials;
using UsageLedger.Cycles;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Checkpoints;
using UsageLedger.EventLog.Projecting;
using UsageLedger.EventLog.Reading;
using UsageLedger.Inbox;
using UsageLedger.Receiving;
using UsageLedger.Reconciling;
using UsageLedger.Reporting;

namespace UsageLedger.Host;

/// <summary>The ledger's parts, put together the same way for the server and for every verb.</summary>
internal static class LedgerServices
{
    /// <summary>Every projection there is.</summary>
    public static IReadOnlyList<IProjection> Projections { get; } =
        [new UsageBuckets(), new CycleAggregates(), new UnattributedUsage(), new Collections(), new PendingCosts(), new CapturedUsage(), new AnomalyRows(),
         new Reconciliations()];

    /// <summary>The one place where the program asks for the time of day.</summary>
    public static IClock Clock { get; } = SystemClock.Instance;

    private static readonly Duration ClockAheadMax = Duration.FromMinutes(1);

    /// <summary>How they are run and rebuilt: not on a database that is newer than this program.</summary>
    public static ProjectionOptions Projecting { get; } = new() { SchemaFiles = LogSchema.Numbers(LedgerDatabase.SchemaAssemblies) };

    public static IServiceCollection AddLedger(this IServiceCollection services, LedgerSettings settings, NpgsqlDataSource database) => services
        .AddSingleton(database)
        .AddSingleton(Clock)
        .AddSingleton<LogSignal>()
        .AddSingleton<ReadSignal>()
        .AddSingleton(new AppendOptions { BulkTypes = EventTypes.Bulk, ClockAheadMax = ClockAheadMax })
        .AddSingleton(Projecting)
        .AddSingleton(Projections)
        .AddSingleton<LogAppender>()
        .AddSingleton<LogReader>()
        .AddSingleton<ReadModels>()
        .AddSingleton<ProjectionHost>()
        .AddSingleton<LogTiles>()
        .AddSingleton<CheckpointStore>()
        .AddSources(new SourceAddresses(settings.AllowLoopbackSources), ProviderCatalogue.Whole)
        .AddSingleton<VendorClients>()
        .AddCredentials(settings.MasterKeyFile)
        .AddAttributing()
        .AddInbox()
        .AddCollecting(made => made.GetRequiredService<VendorClients>().For)
        .AddReceiving(settings.TrustedProxies)
        .AddCoverage()
        .AddReconciling()
        .AddSingleton(services => LedgerKeys.Signer(settings, services));
}
