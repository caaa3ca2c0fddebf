using System.Data;
using Npgsql;
using UsageLedger.EventLog;

namespace UsageLedger.Host.Demo;

/// <summary>The log once more, in another database of the same cluster, for as long as somebody needs it.</summary>
internal sealed class LogCopy : IAsyncDisposable
{
    private const string Name = "ledger_demo_copy";

    // One demo at a time has the copy.
    private const long DemoLock = 0x6C64_656D_6F63_6F70;
    private const string Lock = "select pg_advisory_lock($1)";

    /// <summary>Sends autovacuum away, which belongs to the server, and waits a few seconds for others.</summary>
    private const string Drop = "drop database if exists ledger_demo_copy";

    /// <summary>Ends sessions that a demo of before has left; it may not end the server's own.</summary>
    private const string DropUnderSessions = "drop database if exists ledger_demo_copy with (force)";

    private const string Create = "create database ledger_demo_copy";
    private const string Empty = "truncate ledger.log_head";
    private const int BufferBytes = 1 << 16;

    private static readonly IReadOnlyList<(string From, string To)> Tables =
    [
        ("copy ledger.log_head to stdout (format binary)", "copy ledger.log_head from stdin (format binary)"),
        ("copy ledger.mt_streams to stdout (format binary)", "copy ledger.mt_streams from stdin (format binary)"),
        ("copy ledger.mt_events to stdout (format binary)", "copy ledger.mt_events from stdin (format binary)"),
        ("copy ledger.log_tiles to stdout (format binary)", "copy ledger.log_tiles from stdin (format binary)"),
        ("copy ledger.log_subjects to stdout (format binary)", "copy ledger.log_subjects from stdin (format binary)"),
        ("copy ledger.log_types to stdout (format binary)", "copy ledger.log_types from stdin (format binary)"),
        ("copy ledger.log_keys to stdout (format binary)", "copy ledger.log_keys from stdin (format binary)"),
        ("copy ledger.log_checkpoints to stdout (format binary)", "copy ledger.log_checkpoints from stdin (format binary)"),
    ];

    private readonly NpgsqlConnection owner;

    private LogCopy(NpgsqlConnection owner, NpgsqlDataSource source) => (this.owner, Source) = (owner, source);

    public NpgsqlDataSource Source { get; }

    /// <summary>Copies the log as it stands at one moment.</summary>
    public static async Task<LogCopy> MakeAsync(NpgsqlDataSource original, string connectionString, CancellationToken ct)
    {
        var owner = await OwnAsync(original, ct);
        var settings = new NpgsqlConnectionStringBuilder(connectionString) { Database = Name };
        var copy = new LogCopy(owner, LogDatabase.Open(settings.ConnectionString, "ledger demo"));
        try
        {
            await LogSchema.MigrateAsync(copy.Source, LedgerDatabase.SchemaAssemblies, ct);
            await copy.FillAsync(original, ct);
            return copy;
        }
        catch
        {
            await copy.DisposeAsync();
            throw;
        }
    }

    /// <summary>An empty database, and the session that holds the demo's turn.</summary>
    private static async Task<NpgsqlConnection> OwnAsync(NpgsqlDataSource original, CancellationToken ct)
    {
        var owner = await original.OpenConnectionAsync(ct);
        try
        {
            await using var wait = new NpgsqlCommand(Lock, owner) { Parameters = { new() { Value = DemoLock } } };
            await wait.ExecuteNonQueryAsync(ct);
            await DropAsync(owner, ct);
            await RunAsync(owner, Create, ct);
            return owner;
        }
        catch
        {
            await owner.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Source.DisposeAsync();
        await DropAsync(owner, CancellationToken.None);
        await owner.DisposeAsync();
    }

    private async Task FillAsync(NpgsqlDataSource original, CancellationToken ct)
    {
        await using var from = await original.OpenConnectionAsync(ct);
        await using var moment = await from.BeginTransactionAsync(IsolationLevel.RepeatableRead, ct);
        await using var to = await Source.OpenConnectionAsync(ct);
        await RunAsync(to, Empty, ct);
        foreach (var (read, write) in Tables)
        {
            await using var rows = await from.BeginRawBinaryCopyAsync(read, ct);
            await using var copy = await to.BeginRawBinaryCopyAsync(write, ct);
            await rows.CopyToAsync(copy, BufferBytes, ct);
        }
    }

    private static async Task DropAsync(NpgsqlConnection owner, CancellationToken ct)
    {
        try
        {
            await RunAsync(owner, Drop, ct);
        }
        catch (PostgresException busy) when (busy.SqlState == PostgresErrorCodes.ObjectInUse)
        {
            await RunAsync(owner, DropUnderSessions, ct);
        }
    }

    private static async Task RunAsync(NpgsqlConnection connection, string sql, CancellationToken ct)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(ct);
    }
}
