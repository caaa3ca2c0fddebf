using UsageLedger.EventLog.Proof;
using UsageLedger.EventLog.Reading;
using UsageLedger.IntegrationSpecs.Demo;

namespace UsageLedger.IntegrationSpecs.Auditing;

/// <summary>A history rewritten with all its hashes, and served by a host with a key of its own, does not deceive who kept a head or the key.</summary>
public sealed class RewrittenHistorySpecs
{
    [NeedsFact("python3")]
    public async Task Whoever_kept_a_head_sees_that_the_history_is_another()
    {
        var log = new AuditedLog();
        await log.InitializeAsync();
        try
        {
            var head = await OutsideScript.KeptAsync(await log.Server.TextAsync("/v1/ledger/checkpoint", log.AcmeKey));
            var key = await OutsideScript.KeptAsync(await log.Server.TextAsync("/v1/ledger/public-key", log.AcmeKey));
            await RewriteAsync(log.Server.Database);
            await using var forged = await log.Server.StartBesideAsync();
            var address = forged.Client.BaseAddress!.ToString();

            (await OutsideScript.RunAsync(address, log.AcmeKey)).ShouldExit(0);
            (await OutsideScript.RunAsync(address, log.AcmeKey, "--checkpoint", head)).ShouldExit(1).Out.ShouldContain("something among positions 1 to 7");
            (await OutsideScript.RunAsync(address, log.AcmeKey, "--public-key", key)).ShouldExit(1).Out.ShouldContain("checkpoint: no known key signed it");
        }
        finally
        {
            await log.DisposeAsync();
        }
    }

    private static async Task RewriteAsync(Npgsql.NpgsqlDataSource database)
    {
        await DoAsync(database, "update ledger.mt_events set data = data || '{\"spare\":\"1\"}' where seq_id = 300");
        var tree = new TreeEdge();
        await foreach (var stored in new LogReader(database).RangeAsync(0, long.MaxValue, default))
        {
            var entry = new byte[LogEntry.MaxLength(stored)];
            var hash = new byte[TreeHasher.HashLength];
            TreeHasher.Leaf(entry.AsSpan(0, LogEntry.Write(entry, stored)), hash);
            tree.Append(hash);
        }

        foreach (var tile in tree.TakeChanged())
            await DoAsync(database, "update ledger.log_tiles set hashes = $3 where level = $1 and index = $2", (short)tile.Level, tile.Index, tile.Hashes.ToArray());
    }

    private static async Task DoAsync(Npgsql.NpgsqlDataSource database, string sql, params object[] values)
    {
        await using var command = database.CreateCommand(sql);
        foreach (var value in values)
            command.Parameters.Add(new() { Value = value });
        await command.ExecuteNonQueryAsync();
    }
}
