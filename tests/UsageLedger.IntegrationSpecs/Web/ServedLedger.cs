using Microsoft.AspNetCore.Builder;
using NodaTime;
using Serilog.Core;
using UsageLedger.Access;
using UsageLedger.Host;
using UsageLedger.IntegrationSpecs.Cluster;
using UsageLedger.IntegrationSpecs.Running;
using LedgerDatabase = UsageLedger.IntegrationSpecs.Cluster.LedgerDatabase;

namespace UsageLedger.IntegrationSpecs.Web;

/// <summary>The whole server, with every route that <c>serve</c> has, on a database and a free port of its own.</summary>
public sealed class ServedLedger : IAsyncLifetime
{
    private readonly DirectoryInfo _dataDir = Directory.CreateTempSubdirectory("ledger-served-");
    private LedgerDatabase _database = null!;

    public WebApplication App { get; private set; } = null!;

    public HttpClient Client { get; } = new();

    public async Task InitializeAsync()
    {
        _database = await LedgerCluster.CreateLedgerAsync();
        var settings = new LedgerSettings
        {
            DataDir = _dataDir.FullName,
            MasterKeyFile = Path.Combine(_dataDir.FullName, "master.key"),
            SigningKeyFile = Path.Combine(_dataDir.FullName, "signing.key"),
            Urls = "http://127.0.0.1:0"
        };
        App = LedgerApp.Build(settings, _database.DataSource, Logger.None);
        await App.StartAsync();
        Client.BaseAddress = new Uri(App.Urls.Single());
    }

    /// <summary>Somebody of a tenant with a new key.</summary>
    internal async Task<Caller> CallerAsync(string tenant, params string[] scopes)
    {
        var made = await CreateKeyHandler.Handle(new CreateKey(tenant, scopes), _database.DataSource, SystemClock.Instance, default);
        return new Caller(Client, tenant, made.Created!.Secret);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await App.StopAsync();
        await App.DisposeAsync();
        await _database.DisposeAsync();
        _dataDir.Delete(recursive: true);
    }
}
