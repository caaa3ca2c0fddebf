using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Appending;
using UsageLedger.EventLog.Reading;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.EventLog;

/// <summary>A log in a database of its own, and appenders on it that share nothing but the database, as processes do.</summary>
public sealed class SpecLog : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private const string Terminate = """
        select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name = $1
        """;

    private readonly LedgerDatabase home;
    private readonly List<IAsyncDisposable> opened = [];

    private SpecLog(LedgerDatabase home)
    {
        this.home = home;
        Database = Open("spec");
        Reader = new LogReader(Database);
    }

    public NpgsqlDataSource Database { get; }

    public string ConnectionString => home.ConnectionString;

    public LogReader Reader { get; }

    public SpecClock Clock { get; } = new();

    public static async Task<SpecLog> OpenAsync() => new(await LedgerCluster.CreateLedgerAsync());

    /// <summary>The connections of another process.</summary>
    public NpgsqlDataSource Open(string applicationName)
    {
        var database = LogDatabase.Open(home.ConnectionString, applicationName);
        opened.Add(database);
        return database;
    }

    /// <summary>The appender of another process.</summary>
    public LogAppender Appender(string applicationName = "appender", AppendOptions? options = null, LogSignal? head = null)
    {
        var appender = new LogAppender(
            Open(applicationName), Clock, head ?? new LogSignal(), options ?? new AppendOptions { BulkTypes = EventTypes.Bulk }, NullLogger<LogAppender>.Instance);
        opened.Add(appender);
        return appender;
    }

    /// <summary>The committing half of an appender, for groups that a spec puts together itself.</summary>
    internal GroupCommit Groups(string applicationName = "groups")
    {
        var groups = new GroupCommit(Open(applicationName), Clock, new LogSignal(), new AppendOptions { BulkTypes = EventTypes.Bulk });
        opened.Add(groups);
        return groups;
    }

    public async Task<T> AskAsync<T>(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<List<string>> RowsAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await using var reader = await command.ExecuteReaderAsync();
        var rows = new List<string>();
        while (await reader.ReadAsync())
            rows.Add(string.Join(' ', Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? "null" : FormattableString.Invariant($"{reader.GetValue(i)}"))));

        return rows;
    }

    public async Task DoAsync(string sql)
    {
        await using var command = Database.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    public Task<long> HeadAsync() => Reader.HeadAsync(default);

    /// <summary>Ends the sessions of one process as an administrator would, in the middle of whatever they do.</summary>
    public async Task TerminateAsync(string applicationName)
    {
        await using var command = Database.CreateCommand(Terminate);
        command.Parameters.Add(new() { Value = applicationName });
        await command.ExecuteNonQueryAsync();
    }

    public static async Task UntilAsync(Func<Task<bool>> holds, string what, TimeSpan? patience = null)
    {
        var (started, most) = (Stopwatch.GetTimestamp(), patience ?? Patience);
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(started) > most)
                throw new TimeoutException($"Waited {most.TotalSeconds:0} s in vain until {what}.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var one in Enumerable.Reverse(opened))
            await one.DisposeAsync();
        await home.DisposeAsync();
    }
}
