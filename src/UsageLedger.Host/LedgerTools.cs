using Serilog;
using UsageLedger.Credentials;

namespace UsageLedger.Host;

/// <summary>The ledger's parts on an open, migrated database, for a verb that is no server.</summary>
internal sealed class LedgerTools : IAsyncDisposable
{
    private readonly LedgerDatabase database;
    private readonly ServiceProvider services;

    private LedgerTools(LedgerDatabase database, ServiceProvider services) => (this.database, this.services) = (database, services);

    public static async Task<LedgerTools> OpenAsync(LedgerSettings settings, string applicationName, Serilog.ILogger log, ILoggerFactory logs, CancellationToken ct)
    {
        var database = await LedgerDatabase.OpenMigratedAsync(settings, applicationName, logs, ct);
        try
        {
            var services = new ServiceCollection()
                .AddLogging(logging => logging.AddSerilog(log))
                .AddLedger(settings, database.Source)
                .AddSingleton(new MasterKeys(settings.MasterKeyFile, await LedgerKeys.SecondMasterRefusalAsync(settings, database.Source, ct)))
                .BuildServiceProvider();
            return new LedgerTools(database, services);
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    public Npgsql.NpgsqlDataSource Database => database.Source;

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>Commits what is queued, then lets go of the database.</summary>
    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
