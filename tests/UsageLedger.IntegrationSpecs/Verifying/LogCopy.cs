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

    /// <summary>Makes the tiles anew from the rows, as somebody would who knows how the log is made.</summary>
    /// <param name="level">Only the tiles of this level.</param>
    public async Task RewriteTilesAsync(int? level = null, long upTo = long.MaxValue)
    {
        var tree = await GrowAsync(upTo, _ => { });
        await DoAsync("delete from ledger.log_tiles where level = $1 or $1 < 0", level ?? -1);
        foreach (var tile in tree.TakeChanged().Where(tile => level is null || tile.Level == level))
            await DoAsync("insert into ledger.log_tiles values ($1, $2, $3)", (short)tile.Level, tile.Index, tile.Hashes.ToArray());
    }

    /// <summary>The roots that the rows as they stand give at these sizes.</summary>
    public async Task<IReadOnlyList<byte[]>> RootsAsync(IReadOnlyList<long> sizes)
    {
        var roots = new List<byte[]>();
        await GrowAsync(sizes[^1], tree =>
        {
            if (sizes.Contains(tree.Size))
            {
                roots.Add(new byte[TreeHasher.HashLength]);
                tree.Root(roots[^1]);
            }
        });
        return roots;
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

    private async Task<TreeEdge> GrowAsync(long upTo, Action<TreeEdge> grown)
    {
        var tree = new TreeEdge();
        await foreach (var stored in new LogReader(Database).RangeAsync(0, upTo, default))
        {
            var entry = new byte[LogEntry.MaxLength(stored)];
            var hash = new byte[TreeHasher.HashLength];
            TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), hash);
            tree.Append(hash);
            grown(tree);
        }

        return tree;
    }

    private NpgsqlCommand Command(string sql, object[] values)
    {
        var command = Database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        return command;
    }
}
