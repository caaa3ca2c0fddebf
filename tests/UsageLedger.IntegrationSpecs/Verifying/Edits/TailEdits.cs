namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>The end of the log is taken back, with more and more of what stands beside it.</summary>
internal static class TailEdits
{
    private const int WidthMax = 256;
    private const string Mismatch = "checkpoint_mismatch";
    private const string CutRows = "delete from ledger.mt_events where seq_id > $1";

    private const string CutHead = """
        update ledger.log_head set position = $1, recorded_at = (select timestamp from ledger.mt_events where seq_id = $1)
        """;

    private const string SelectLastLeft = """
        select coalesce(max(e.seq_id) filter (where e.seq_id <= $1), 0)
        from ledger.mt_events e join ledger.mt_events cut on cut.tenant_id = e.tenant_id and cut.stream_id = e.stream_id
        where cut.seq_id = $2
        """;

    public static IEnumerable<Edit> All =>
    [
        new("roll back rows", RowsAsync),
        new("roll back head", HeadAsync),
        new("roll back rows and head", RowsAndHeadAsync),
        new("roll back rows, head and tiles", RowsHeadAndTilesAsync),
        new("roll back head and tiles", HeadAndTilesAsync),
        new("roll back everything", EverythingAsync),
        new("roll back everything and the heads", EverythingAndHeadsAsync),
    ];

    private static async Task<Expected> RowsAsync(EditedLog log, Random random)
    {
        var cut = log.Size - random.Next(1, 400);
        await log.DoAsync(CutRows, cut);
        return new([.. Enumerable.Range(1, (int)(log.Size - cut)).Select(i => (cut + i, "missing"))]);
    }

    private static async Task<Expected> HeadAsync(EditedLog log, Random random)
    {
        var cut = Cut(log, random);
        await log.DoAsync(CutHead, cut);
        return Expected.Only(cut + 1, "head_changed");
    }

    private static async Task<Expected> RowsAndHeadAsync(EditedLog log, Random random)
    {
        var cut = Cut(log, random);
        await log.DoAsync(CutRows, cut);
        await log.DoAsync(CutHead, cut);
        return Expected.Among((cut + 1, Mismatch), ((cut / WidthMax * WidthMax) + 1, "tile_changed"));
    }

    /// <summary>The streams still count what was cut off.</summary>
    private static async Task<Expected> RowsHeadAndTilesAsync(EditedLog log, Random random)
    {
        var cut = random.NextInt64(1, log.Size);
        var left = await log.AskAsync<long>(SelectLastLeft, cut, log.Size);
        await log.DoAsync(CutRows, cut);
        await log.DoAsync(CutHead, cut);
        await log.Copy.RewriteTilesAsync();
        return Expected.Among((left, "stream_changed"));
    }

    private static async Task<Expected> HeadAndTilesAsync(EditedLog log, Random random)
    {
        var cut = Cut(log, random);
        await log.DoAsync(CutHead, cut);
        await log.Copy.RewriteTilesAsync(upTo: cut);
        return Expected.Among([(cut + 1, Mismatch), .. Enumerable.Range(1, (int)(log.Size - cut)).Select(i => (cut + i, "inserted"))]);
    }

    private static async Task<Expected> EverythingAsync(EditedLog log, Random random)
    {
        var cut = Cut(log, random);
        await log.Copy.CutAsync(cut);
        return Expected.Only(cut + 1, Mismatch) with { Options = log.Alone };
    }

    /// <summary>Only what is kept outside tells of it.</summary>
    private static async Task<Expected> EverythingAndHeadsAsync(EditedLog log, Random random)
    {
        var cut = Cut(log, random);
        await log.Copy.CutAsync(cut);
        await log.DoAsync("delete from ledger.log_checkpoints where size > $1", cut);
        return Expected.Among((cut + 1, Mismatch));
    }

    /// <summary>Behind the last head there is nothing to tell that there was more.</summary>
    private static long Cut(EditedLog log, Random random) => random.NextInt64(1, log.Heads[^1]);
}
