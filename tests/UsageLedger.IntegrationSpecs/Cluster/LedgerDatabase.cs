using Npgsql;

namespace UsageLedger.IntegrationSpecs.Cluster;

/// <summary>One empty database of the test run's cluster.</summary>
public sealed class LedgerDatabase : IAsyncDisposable
{
    // A host holds a session for each projection and listener; the server takes 200 from all specs together.
    private const int PoolMax = 30;

    private readonly string _serverConnectionString;
    private readonly string _name;

    private const int AttemptsMax = 100;
    private static readonly TimeSpan AttemptEvery = TimeSpan.FromMilliseconds(100);

    internal LedgerDatabase(string serverConnectionString, string name)
    {
        (_serverConnectionString, _name) = (serverConnectionString, name);
        ConnectionString = new NpgsqlConnectionStringBuilder(serverConnectionString) { Database = name, MaxPoolSize = PoolMax }.ConnectionString;
        DataSource = OpenPool();
    }

    public string Name => _name;

    public string ConnectionString { get; }

    public NpgsqlDataSource DataSource { get; }

    /// <summary>Sessions for one more host, which are not those of the others; dispose it before the database.</summary>
    public NpgsqlDataSource OpenPool() => NpgsqlDataSource.Create(ConnectionString);

    public async ValueTask DisposeAsync()
    {
        await DataSource.DisposeAsync();
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await LedgerCluster.ExecuteAsync(_serverConnectionString, $"drop database if exists {_name} with (force)");
                return;
            }
            catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.InsufficientPrivilege && attempt < AttemptsMax)
            {
                // An autovacuum worker is in it, which only a superuser may end; it leaves by itself.
                await Task.Delay(AttemptEvery);
            }
        }
    }
}
