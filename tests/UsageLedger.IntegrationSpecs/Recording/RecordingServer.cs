using NodaTime;
using UsageLedger.Access;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;

namespace UsageLedger.IntegrationSpecs.Recording;

/// <summary>One served ledger for all specs that record over HTTP; each records for a tenant of its own.</summary>
public sealed class RecordingServer : IAsyncLifetime
{
    private const string SelectEvents = "select type || ' ' || stream_id from ledger.mt_events where tenant_id = $1 order by seq_id";
    private const string SelectData = "select data::text from ledger.mt_events where tenant_id = $1 order by seq_id";
    private const string SelectCorrelations = "select correlation_id from ledger.mt_events where tenant_id = $1 order by seq_id";

    private const string SelectIds = "select id::text from ledger.mt_events where tenant_id = $1 order by seq_id";

    private LedgerDatabase? _database;
    private LedgerServer? _server;
    private int _tenants;

    public async Task InitializeAsync()
    {
        _database = await LedgerCluster.CreateDatabaseAsync();
        _server = await LedgerServer.StartAsync(new LedgerProgram(_database.ConnectionString));
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    internal LedgerServer Server => _server!;

    /// <summary>A tenant that nobody else has.</summary>
    internal Task<Caller> TenantAsync() => CallerAsync($"tenant-{Interlocked.Increment(ref _tenants)}", "ingest");

    internal async Task<Caller> CallerAsync(string tenant, params string[] scopes)
    {
        var made = await CreateKeyHandler.Handle(new CreateKey(tenant, scopes), _database!.DataSource, SystemClock.Instance, CancellationToken.None);
        return new Caller(_server!.Client, tenant, made.Created!.Secret);
    }

    /// <summary>The types and streams of the tenant's events, in order.</summary>
    internal Task<IReadOnlyList<string>> EventsAsync(Caller caller) => RowsAsync(SelectEvents, caller.Tenant);

    /// <summary>What the tenant's events hold, as PostgreSQL writes it.</summary>
    internal Task<IReadOnlyList<string>> DataAsync(Caller caller) => RowsAsync(SelectData, caller.Tenant);

    internal Task<IReadOnlyList<string>> CorrelationsAsync(Caller caller) => RowsAsync(SelectCorrelations, caller.Tenant);

    internal async Task<IEnumerable<Guid>> IdsAsync(Caller caller) => (await RowsAsync(SelectIds, caller.Tenant)).Select(Guid.Parse);

    private async Task<IReadOnlyList<string>> RowsAsync(string sql, string tenant) => await _database!.DataSource.RowsAsync(sql, tenant);
}

/// <summary>The specs that share the <see cref="RecordingServer" />.</summary>
[CollectionDefinition(Name)]
public sealed class RecordingOverHttp : ICollectionFixture<RecordingServer>
{
    public const string Name = "Recording over HTTP";
}
