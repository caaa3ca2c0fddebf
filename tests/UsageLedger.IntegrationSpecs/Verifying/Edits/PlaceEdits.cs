namespace UsageLedger.IntegrationSpecs.Verifying.Edits;

/// <summary>Rows of events change places, or more of them are put in.</summary>
internal static class PlaceEdits
{
    private const int WidthMax = 256;

    private const string Insert = """
        insert into ledger.mt_events (seq_id, id, tenant_id, stream_id, version, type, timestamp, correlation_id, data)
        select $1, md5(seq_id || 'added')::uuid, tenant_id, 'client-added', 1, type, timestamp, correlation_id, data from ledger.mt_events where seq_id = $2
        """;

    private const string SwapData = """
        update ledger.mt_events e set data = o.data from ledger.mt_events o where e.seq_id in ($1, $2) and o.seq_id = $1 + $2 - e.seq_id
        """;

    private const string SwapContent = """
        update ledger.mt_events e
        set data = o.data, type = o.type, correlation_id = o.correlation_id, timestamp = o.timestamp
        from ledger.mt_events o where e.seq_id in ($1, $2) and o.seq_id = $1 + $2 - e.seq_id
        """;

    private static readonly string[] SwapRows =
    [
        "update ledger.mt_events set seq_id = -seq_id where seq_id in ($1, $2)",
        "update ledger.mt_events set seq_id = $1 + $2 + seq_id where seq_id in (-$1, -$2)",
    ];

    public static IEnumerable<Edit> All =>
    [
        new("swap rows", (log, random) => SwapAsync(log, random, SwapRows)),
        new("swap contents", (log, random) => SwapAsync(log, random, SwapContent)),
        new("swap data", (log, random) => SwapAsync(log, random, SwapData)),
        new("insert outside", InsertAsync),
        new("insert between", InsertBetweenAsync),
        new("append by hand", AppendAsync),
    ];

    private static async Task<Expected> SwapAsync(EditedLog log, Random random, params string[] statements)
    {
        var (one, other) = (log.Position(random), log.Position(random));
        while (!await log.AskAsync<bool>("select count(distinct data) = 2 from ledger.mt_events where seq_id in ($1, $2)", one, other))
            (one, other) = (log.Position(random), log.Position(random));
        foreach (var statement in statements)
            await log.DoAsync(statement, one, other);
        return new([(one, "swapped"), (other, "swapped")]);
    }

    private static async Task<Expected> InsertAsync(EditedLog log, Random random)
    {
        var place = random.Next(2) == 0 ? -random.NextInt64(0, 1_000_000) : log.Size + random.NextInt64(1, long.MaxValue - log.Size);
        await log.DoAsync(Insert, place, log.Position(random));
        return Expected.Only(place, "inserted");
    }

    /// <summary>All later rows move on by one.</summary>
    private static async Task<Expected> InsertBetweenAsync(EditedLog log, Random random)
    {
        var place = random.NextInt64(1, log.Size);
        await log.DoAsync("update ledger.mt_events set seq_id = -seq_id where seq_id >= $1", place);
        await log.DoAsync(Insert, place, -log.Size);
        await log.DoAsync("update ledger.mt_events set seq_id = 1 - seq_id where seq_id < 0");
        return Expected.Among((place, "swapped"), (log.Size + 1, "inserted"));
    }

    /// <summary>An event with its stream and the head moved on, but no hash.</summary>
    private static async Task<Expected> AppendAsync(EditedLog log, Random random)
    {
        await log.DoAsync(Insert, log.Size + 1, log.Position(random));
        await log.DoAsync("insert into ledger.mt_streams (tenant_id, id, version) select tenant_id, stream_id, 1 from ledger.mt_events where seq_id = $1", log.Size + 1);
        await log.DoAsync("update ledger.log_head set position = position + 1, recorded_at = (select timestamp from ledger.mt_events where seq_id = $1)", log.Size + 1);
        return Expected.Among(((log.Size / WidthMax * WidthMax) + 1, "tile_changed"));
    }
}
