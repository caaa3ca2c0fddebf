namespace UsageLedger.IntegrationSpecs.Running;

/// <summary>A served ledger on its own embedded PostgreSQL, and verbs beside it; shared by the specs of the collection.</summary>
public sealed class EmbeddedLedger : IAsyncLifetime
{
    private LedgerServer? _server;

    internal LedgerProgram Program { get; } = new();

    internal LedgerServer Server => _server!;

    internal Caller Caller { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        _server = await LedgerServer.StartAsync(Program);
        Caller = await CallerAsync("acme", "ingest,query,audit");
    }

    /// <summary>A key from the command line.</summary>
    internal async Task<Caller> CallerAsync(string tenant, string scopes)
    {
        var made = await Program.RunAsync("keys", "create", "--tenant", tenant, "--scopes", scopes, "--json");
        return new Caller(Server.Client, tenant, (string)made.ShouldExit(0).Json["key"]!);
    }

    public async Task DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }
}

/// <summary>The specs that share the <see cref="EmbeddedLedger" />.</summary>
[CollectionDefinition(Name)]
public sealed class RunningLedger : ICollectionFixture<EmbeddedLedger>
{
    public const string Name = "Running ledger";
}
