using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace UsageLedger.IntegrationSpecs.Crash;

/// <summary>Catches a host in the moment that it holds the head of the log, and keeps it there: its process is stopped.</summary>
internal sealed class HeldByHost : IAsyncDisposable
{
    private const string SelectHolder = """
        select h.pid, h.application_name
        from pg_stat_activity w cross join lateral unnest(pg_blocking_pids(w.pid)) as b (pid)
        join pg_stat_activity h on h.pid = b.pid
        where w.datname = current_database() and h.application_name like 'host-%' and cardinality(pg_blocking_pids(h.pid)) = 0
          and exists (select from pg_locks l where l.pid = h.pid and l.relation = 'ledger.log_head'::regclass and l.mode = 'RowShareLock')
        limit 1
        """;

    private const string StillHeld = "select exists (select from pg_stat_activity w where $1 = any(pg_blocking_pids(w.pid)))";
    private const string EndSession = "select pg_terminate_backend($1)";

    /// <summary>What was on its way when the process was stopped has arrived by then.</summary>
    private static readonly TimeSpan Settled = TimeSpan.FromMilliseconds(60);

    private static readonly TimeSpan CatchMax = TimeSpan.FromSeconds(60);

    private readonly NpgsqlDataSource _database;
    private readonly HostGroup _hosts;
    private readonly int _session;

    private HeldByHost(NpgsqlDataSource database, HostGroup hosts, int host, int session) => (_database, _hosts, Host, _session) = (database, hosts, host, session);

    public int Host { get; }

    public static async Task<HeldByHost> CatchAsync(NpgsqlDataSource database, HostGroup hosts)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            waited.Elapsed.ShouldBeLessThan(CatchMax, "no host is ever caught at the head");
            if (await HolderAsync(database) is not var (session, host))
                continue;
            hosts.Servers[host].Freeze();
            await Task.Delay(Settled);
            var held = new HeldByHost(database, hosts, host, session);
            if (await held.IsHeldAsync())
                return held;
            await held.DisposeAsync();
        }
    }

    public Task<bool> IsHeldAsync() => AskAsync(StillHeld);

    /// <summary>Its session ends while it knows nothing of it.</summary>
    public Task CutOffAsync() => AskAsync(EndSession);

    public ValueTask DisposeAsync()
    {
        if (_hosts.Servers[Host].IsRunning)
            _hosts.Servers[Host].Thaw();
        return ValueTask.CompletedTask;
    }

    private async Task<bool> AskAsync(string sql)
    {
        await using var command = _database.CreateCommand(sql);
        command.Parameters.Add(new() { Value = _session });
        return (bool)(await command.ExecuteScalarAsync())!;
    }

    private static async Task<(int Session, int Host)?> HolderAsync(NpgsqlDataSource database)
    {
        await using var command = database.CreateCommand(SelectHolder);
        await using var reader = await command.ExecuteReaderAsync();
        return await reader.ReadAsync() ? (reader.GetInt32(0), int.Parse(reader.GetString(1).AsSpan("host-".Length), CultureInfo.InvariantCulture)) : null;
    }
}
