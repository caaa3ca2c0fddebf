using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.Host.Embedded;

namespace UsageLedger.IntegrationSpecs.Cluster;

/// <summary>The one real PostgreSQL of a test run; it goes with the process, however that ends.</summary>
public static class LedgerCluster
{
    private static readonly Lazy<Task<EmbeddedPostgres>> Running = new(StartAsync);
    private static readonly Lazy<Task<LedgerDatabase>> Migrated = new(MigrateAsync);
    private static readonly SemaphoreSlim OneAtATime = new(1);
    private static int _databases;

    /// <summary>A new, empty database owned by the ledger's role; dispose it to drop it.</summary>
    public static Task<LedgerDatabase> CreateDatabaseAsync() => CreateAsync("template1");

    /// <summary>A new database with the schema of this program, as a migration leaves it that ran once for all specs; dispose it to drop it.</summary>
    public static async Task<LedgerDatabase> CreateLedgerAsync() => await CreateAsync((await Migrated.Value).Name);

    /// <summary>A new database that holds what the other does; nobody may be connected to that.</summary>
    internal static Task<LedgerDatabase> CopyDatabaseAsync(LedgerDatabase original) => CreateAsync(original.Name);

    /// <summary>In a database, somebody who may make roles, which belong to the whole server.</summary>
    internal static async Task<NpgsqlConnection> OpenAdministratorAsync(string database)
    {
        var administrator = await (await Running.Value).OpenAdministratorAsync(CancellationToken.None);
        await administrator.ChangeDatabaseAsync(database);
        return administrator;
    }

    internal static async Task ExecuteAsync(string connectionString, string sql)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<LedgerDatabase> CreateAsync(string template)
    {
        var server = await Running.Value;
        var name = $"spec_{Interlocked.Increment(ref _databases)}";

        // Two databases cannot be copied from one template at the same time.
        await OneAtATime.WaitAsync();
        try
        {
            await ExecuteAsync(server.ConnectionString, $"create database {name} template {template}");
        }
        finally
        {
            OneAtATime.Release();
        }

        return new LedgerDatabase(server.ConnectionString, name);
    }

    private static async Task<LedgerDatabase> MigrateAsync()
    {
        var database = await CreateDatabaseAsync();
        await LogSchema.MigrateAsync(database.DataSource, [typeof(EventTypes).Assembly], default);
        await database.DataSource.DisposeAsync();
        return database;
    }

    private static Task<EmbeddedPostgres> StartAsync() =>
        EmbeddedPostgres.StartAsync(new EmbeddedOptions(SpecFolders.Next()), NullLogger.Instance, CancellationToken.None);
}
