using UsageLedger.EventLog.Proof;

namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>
/// The log is rewritten by somebody who knows how it is made: rows, streams, lists, head and every tile agree with each other.
/// They do not have the key, so that signed heads tell of it.
/// </summary>
internal static class RewriteEdits
{
    private const string Mismatch = "checkpoint_mismatch";

    private static readonly string[] Renumber =
    [
        "delete from ledger.log_types where seq_id = $1",
        "delete from ledger.log_subjects where seq_id = $1",
        "update ledger.log_types set seq_id = -seq_id where seq_id > $1",
        "update ledger.log_types set seq_id = -seq_id - 1 where seq_id < 0",
        "update ledger.log_subjects set seq_id = -seq_id where seq_id > $1",
        "update ledger.log_subjects set seq_id = -seq_id - 1 where seq_id < 0",
        "update ledger.mt_events set seq_id = -seq_id where seq_id > $1",
        "update ledger.mt_events set seq_id = -seq_id - 1 where seq_id < 0",
        """
        update ledger.mt_events e set version = -v.version
        from (select seq_id, row_number() over (partition by tenant_id, stream_id order by version) as version from ledger.mt_events) v
        where v.seq_id = e.seq_id and v.version <> e.version and $1 > 0
        """,
        "update ledger.mt_events set version = -version where version < 0",
    ];

    public static IEnumerable<Edit> All =>
    [
        new("rewrite an event and its hashes", async (log, random) =>
        {
            var position = await RewriteAsync(log, random);
            return Expected.Only(log.AfterHeadBefore(position), Mismatch) with { Options = log.Alone };
        }),
        new("rewrite an event, its hashes and heads", async (log, random) =>
        {
            var position = await RewriteAsync(log, random);
            await log.DoAsync("delete from ledger.log_checkpoints");
            return Expected.Among((log.AfterHeadBefore(position), Mismatch));
        }),
        new("rewrite an event, its hashes, heads and key", async (log, random) =>
        {
            await RewriteAsync(log, random);
            await SignCurrentAsync(log);
            return await HeadEdits.SignAnewAsync(log);
        }),
        new("take an event out and close the ranks", CloseRanksAsync),
    ];

    private static async Task<long> RewriteAsync(EditedLog log, Random random)
    {
        var position = log.Covered(random);
        await log.DoAsync("update ledger.mt_events set data = data || jsonb_build_object('spare', $2::text) where seq_id = $1", position, random.Next());
        await log.Copy.RewriteTilesAsync();
        return position;
    }

    /// <summary>The texts of the heads say what the tree has become; who signs them comes later.</summary>
    private static async Task SignCurrentAsync(EditedLog log)
    {
        var roots = await log.Copy.RootsAsync(log.Heads);
        foreach (var (size, root) in log.Heads.Zip(roots))
        {
            var note = SignedNote.Parse(await log.AskAsync<string>("select note from ledger.log_checkpoints where size = $1", size));
            var rewritten = note with { Text = (Checkpoint.Parse(note.Text) with { RootHash = root }).ToText() };
            await log.DoAsync("update ledger.log_checkpoints set note = $2 where size = $1", size, rewritten.ToString());
        }
    }

    private static async Task<Expected> CloseRanksAsync(EditedLog log, Random random)
    {
        var position = log.Covered(random);
        await log.DoAsync("delete from ledger.mt_events where seq_id = $1", position);
        foreach (var statement in Renumber)
            await log.DoAsync(statement, position);
        await log.Copy.CutAsync(log.Size - 1);
        await log.DoAsync("""
            update ledger.mt_streams s set created = e.timestamp from ledger.mt_events e
            where e.tenant_id = s.tenant_id and e.stream_id = s.id and e.version = 1 and s.created <> e.timestamp
            """);
        return Expected.Only(log.AfterHeadBefore(position), Mismatch) with { Options = log.Alone };
    }
}
