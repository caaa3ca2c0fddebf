using Npgsql;
using UsageLedger.EventLog;
using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.EventLog.Verifying;
using UsageLedger.IntegrationSpecs.Cluster;

namespace UsageLedger.IntegrationSpecs.Verifying;

/// <summary>A copy of the log, to be spoiled by SQL as somebody with the database's password would.</summary>
public sealed class LogCopy : IAsyncDisposable
{
    private readonly LedgerDatabase home;

    internal LogCopy(LedgerDatabase home)
    {
        this.home = home;
        Database = LogDatabase.Open(home.ConnectionString, "spoiler");
    }

    public string ConnectionString => home.ConnectionString;

    public NpgsqlDataSource Database { get; }

    public async Task<int> DoAsync(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public async Task<T> AskAsync<T>(string sql, params object[] values)
    {
        await using var command = Command(sql, values);
        return (T)(await command.ExecuteScalarAsync())!;
    }

    public async Task<IReadOnlyList<(long Position, string Kind)>> DamagedAsync(VerifyOptions options)
    {
        var outcome = await new LogVerifier(Database, options).RunAsync(null, default);
        outcome.Whole.ShouldBe(outcome.Damaged.Count == 0);
        return [.. outcome.Damaged.Select(damage => (damage.Position, damage.KindName))];
    }

    /// <summary>Makes all tiles anew from the rows, as somebody would who knows how the log is made.</summary>
    public async Task RewriteTilesAsync()
    {
        var tree = new TreeEdge();
        await foreach (var stored in new LogReader(Database).RangeAsync(0, long.MaxValue, default))
        {
            var entry = new byte[LogEntry.MaxLength(stored)];
            var hash = new byte[TreeHasher.HashLength];
            TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), hash);
            tree.Append(hash);
        }

        await DoAsync("delete from ledger.log_tiles");
        foreach (var tile in tree.TakeChanged())
            await DoAsync("insert into ledger.log_tiles values ($1, $2, $3)", (short)tile.Level, tile.Index, tile.Hashes.ToArray());
    }

    /// <summary>Cuts everything after a position off, and leaves the rest as if it had never been.</summary>
    public async Task CutAsync(long size)
    {
        await DoAsync("delete from ledger.mt_events where seq_id > $1", size);
        await DoAsync("delete from ledger.log_types where seq_id > $1", size);
        await DoAsync("delete from ledger.log_subjects where seq_id > $1", size);
        await DoAsync("update ledger.log_head set position = $1, recorded_at = (select timestamp from ledger.mt_events where seq_id = $1)", size);
        await DoAsync("delete from ledger.mt_streams s where not exists (select from ledger.mt_events e where e.tenant_id = s.tenant_id and e.stream_id = s.id)");
        await DoAsync("""
            update ledger.mt_streams s set version = e.version, timestamp = e.timestamp
            from (select distinct on (tenant_id, stream_id) * from ledger.mt_events order by tenant_id, stream_id, version desc) e
            where e.tenant_id = s.tenant_id and e.stream_id = s.id
            """);
        await RewriteTilesAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Database.DisposeAsync();
        await home.DisposeAsync();
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
