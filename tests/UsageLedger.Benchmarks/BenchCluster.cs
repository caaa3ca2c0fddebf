using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.Host;
using UsageLedger.Host.Embedded;

namespace UsageLedger.Benchmarks;

/// <summary>A private PostgreSQL for the benchmarks of one run, with the settings that the ledger's own has.</summary>
internal sealed class BenchCluster : IAsyncDisposable
{
    private readonly EmbeddedPostgres server;
    private int databases;

    private BenchCluster(EmbeddedPostgres server, string folder) => (this.server, Folder) = (server, folder);

    /// <summary>A folder that goes with the cluster.</summary>
    public string Folder { get; }

    public static async Task<BenchCluster> StartAsync()
    {
        var folder = Path.Combine(Path.GetTempPath(), $"usageledger-bench-{Environment.ProcessId}");
        Directory.CreateDirectory(folder);
        var options = new EmbeddedOptions(folder, Environment.GetEnvironmentVariable("Ledger__PostgresBin"));
        return new BenchCluster(await EmbeddedPostgres.StartAsync(options, NullLogger.Instance, CancellationToken.None), folder);
    }

    /// <summary>A connection string of a new database with the ledger's schema.</summary>
    public async Task<string> DatabaseAsync()
    {
        var name = $"bench_{++databases}";
        await using (var source = NpgsqlDataSource.Create(server.ConnectionString))
        await using (var create = source.CreateCommand($"create database {name}"))
        {
            await create.ExecuteNonQueryAsync();
        }

        var connectionString = new NpgsqlConnectionStringBuilder(server.ConnectionString) { Database = name, CommandTimeout = 0 }.ConnectionString;
        await using var database = LogDatabase.Open(connectionString, "bench");
        await LogSchema.MigrateAsync(database, LedgerDatabase.SchemaAssemblies, CancellationToken.None);
        return connectionString;
    }

    public async ValueTask DisposeAsync()
    {
        NpgsqlConnection.ClearAllPools();
        await server.DisposeAsync();
        Directory.Delete(Folder, recursive: true);
    }
}
