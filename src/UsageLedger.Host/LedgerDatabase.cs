using System.Reflection;
using Npgsql;
using UsageLedger.Access;
using UsageLedger.EventLog;
using UsageLedger.Host.Embedded;

namespace UsageLedger.Host;

/// <summary>The configured database, or else the embedded one, for as long as somebody needs it.</summary>
internal sealed partial class LedgerDatabase : IAsyncDisposable
{
    /// <summary>Those that bring schema files.</summary>
    public static readonly IReadOnlyList<Assembly> SchemaAssemblies = [typeof(EventTypes).Assembly];

    private readonly EmbeddedPostgres? embedded;

    private LedgerDatabase(string connectionString, string applicationName, EmbeddedPostgres? embedded) =>
        (ConnectionString, Source, this.embedded) = (connectionString, LogDatabase.Open(connectionString, applicationName), embedded);

    /// <summary>With the password: for opening another database of the same server.</summary>
    public string ConnectionString { get; }

    public NpgsqlDataSource Source { get; }

    /// <summary>Opens the database without changing it.</summary>
    public static async Task<LedgerDatabase> OpenAsync(LedgerSettings settings, string applicationName, ILoggerFactory logs, CancellationToken ct)
    {
        if (settings.ConnectionString is { } configured)
        {
            return new LedgerDatabase(configured, applicationName, null);
        }

        var embedded = await EmbeddedPostgres.StartAsync(
            new EmbeddedOptions(settings.DataDir, settings.PostgresBin), logs.CreateLogger<EmbeddedPostgres>(), ct);
        return new LedgerDatabase(embedded.ConnectionString, applicationName, embedded);
    }

    /// <summary>Opens the database and brings it to this program's schema.</summary>
    public static async Task<LedgerDatabase> OpenMigratedAsync(LedgerSettings settings, string applicationName, ILoggerFactory logs, CancellationToken ct)
    {
        var database = await OpenAsync(settings, applicationName, logs, ct);
        try
        {
            var log = logs.CreateLogger<LedgerDatabase>();
            await LogSchema.MigrateAsync(database.Source, SchemaAssemblies, whom => Waits(log, whom), ct);
            if (!await TenantWall.RaiseAsync(database.Source, ct))
            {
                OneWallOnly(log);
            }

            return database;
        }
        catch
        {
            await database.DisposeAsync();
            throw;
        }
    }

    /// <summary>As somebody who may make roles: of the embedded server its superuser, otherwise whom the connection string names.</summary>
    public async Task<NpgsqlConnection> OpenAdministratorAsync(CancellationToken ct) =>
        embedded is null ? await Source.OpenConnectionAsync(ct) : await embedded.OpenAdministratorAsync(ct);

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        if (embedded is not null)
        {
            await embedded.DisposeAsync();
        }
    }

    [LoggerMessage(
        EventId = 4301, Level = LogLevel.Warning,
        Message = "The ledger's database user is no member of a role ledger_reader, so tenants are kept apart by each query alone; the page on operating says what an administrator runs")]
    private static partial void OneWallOnly(ILogger logger);

    [LoggerMessage(EventId = 4302, Level = LogLevel.Warning, Message = "Bringing the schema up to date. {Whom}")]
    private static partial void Waits(ILogger logger, string whom);
}
